using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using OrleansEdge.Grains.Interfaces.Hosting;

namespace OrleansEdge.Simulation.Wire;

/// <summary>Compiles the measure of a type from its [Id] members.</summary>
internal static class WireObjects
{
    private static readonly MethodInfo Enter = typeof(WireMeter).GetMethod(nameof(WireMeter.Enter))!;
    private static readonly MethodInfo Leave = typeof(WireMeter).GetMethod(nameof(WireMeter.Leave))!;
    private static readonly MethodInfo Member = typeof(WireMeter).GetMethod(nameof(WireMeter.Member))!;
    private static readonly MethodInfo Optional =
        typeof(WireObjects).GetMethod(nameof(MeasureOptional), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo Measure = typeof(WireCodec).GetMethod(nameof(WireCodec.Measure))!;

    public static Delegate Make(Type type)
    {
        var members = MembersOf(type);
        var method = new DynamicMethod(
            $"Measure {type}", typeof(void), [typeof(WireMeter).MakeByRefType(), type], typeof(WireObjects).Module, true);
        var il = method.GetILGenerator();
        Invoke(il, Enter);
        foreach (var (id, member) in members)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, (int)id);
            if (OptionalObject(TypeOf(member)) is { } content)
            {
                Load(il, type, member);
                il.Emit(OpCodes.Call, Optional.MakeGenericMethod(content));
                continue;
            }
            il.Emit(OpCodes.Call, Member);
            il.Emit(OpCodes.Ldarg_0);
            Load(il, type, member);
            il.Emit(OpCodes.Call, Measure.MakeGenericMethod(TypeOf(member)));
        }
        Invoke(il, Leave);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate(typeof(WireMeasure<>).MakeGenericType(type));
    }

    /// <summary>The type of a field or property.</summary>
    public static Type TypeOf(MemberInfo member) =>
        member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>
    /// The struct with [Id] members that a nullable member may hold; null for members of other types.
    /// </summary>
    private static Type? OptionalObject(Type member) =>
        Nullable.GetUnderlyingType(member) is { } content && WireTypes.MembersOf(content).Count > 0 ? content : null;

    private static void MeasureOptional<T>(ref WireMeter meter, uint id, T? value) where T : struct
    {
        if (value is { } content)
        {
            meter.Member(id);
            WireCodec.Measure(ref meter, content);
        }
    }

    private static IReadOnlyList<(uint Id, MemberInfo Member)> MembersOf(Type type)
    {
        if (type.IsGenericType && IsTupleLike(type))
        {
            return TupleMembers(type);
        }
        var members = WireTypes.MembersOf(type).Where(pair => !pair.Member.IsDefined(typeof(ObservationAttribute))).ToList();
        var isDeclared = members.Count > 0 || type.IsDefined(typeof(Orleans.GenerateSerializerAttribute), false);
        return isDeclared && !type.IsPointer && !type.IsByRefLike
            ? members
            : throw new InvalidOperationException(
                $"{type} has no [GenerateSerializer] and no [Id] members, so it cannot stand in a grain's message or state.");
    }

    private static bool IsTupleLike(Type type) =>
        typeof(ITuple).IsAssignableFrom(type) || type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static (uint Id, MemberInfo Member)[] TupleMembers(Type type)
    {
        var arguments = type.GetGenericArguments().Length;
        string[] names = type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
            ? ["Key", "Value"]
            : ["Item1", "Item2", "Item3", "Item4", "Item5", "Item6", "Item7", "Rest"];
        return [.. names.Take(arguments).Select((name, i) => ((uint)i, type.GetMember(name)[0]))];
    }

    private static void Invoke(ILGenerator il, MethodInfo method)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, method);
    }

    private static void Load(ILGenerator il, Type type, MemberInfo member)
    {
        if (type.IsValueType)
        {
            il.Emit(OpCodes.Ldarga_S, (byte)1);
        }
        else
        {
            il.Emit(OpCodes.Ldarg_1);
        }
        if (member is FieldInfo field)
        {
            il.Emit(OpCodes.Ldfld, field);
            return;
        }
        var getter = ((PropertyInfo)member).GetGetMethod(true) ?? throw new InvalidOperationException(
            $"{type}.{member.Name} has an [Id] and no getter.");
        il.Emit(type.IsValueType ? OpCodes.Call : OpCodes.Callvirt, getter);
    }
}
