using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Wire;

namespace OrleansEdge.Simulation.Storage;

/// <summary>
/// Copies states, so that what a store holds and what a grain changes are apart. Only members with an [Id] are copied,
/// as only they are stored; immutable values are shared.
/// </summary>
internal static class StateCopy
{
    private static readonly HashSet<Type> ImmutableTypes =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid),
        typeof(Half), typeof(Int128), typeof(UInt128),
    ];

    public static T Of<T>(T value) => (T)Of((object?)value)!;

    private static object? Of(object? value)
    {
        if (value is null || IsImmutable(value.GetType()))
        {
            return value;
        }
        return value switch
        {
            ReadOnlyMemory<byte> bytes => new ReadOnlyMemory<byte>(bytes.ToArray()),
            Memory<byte> bytes => new Memory<byte>(bytes.ToArray()),
            ArraySegment<byte> bytes => new ArraySegment<byte>([.. bytes]),
            Array array => OfArray(array),
            ITuple => OfFields(value),
            IEnumerable sequence => OfCollection(sequence),
            _ => OfMembers(value),
        };
    }

    private static bool IsImmutable(Type type) =>
        type.IsPrimitive || type.IsEnum || ImmutableTypes.Contains(type) || typeof(GrainProxy).IsAssignableFrom(type) ||
        type.IsDefined(typeof(ImmutableAttribute), false) || type.IsGenericType &&
        type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) && IsImmutable(type.GetGenericArguments()[0]);

    private static Array OfArray(Array array)
    {
        var copy = (Array)array.Clone();
        if (array.Rank == 1 && !IsImmutable(array.GetType().GetElementType()!))
        {
            for (var i = 0; i < copy.Length; i++)
            {
                copy.SetValue(Of(copy.GetValue(i)), i);
            }
        }
        return copy;
    }

    private static object OfFields(object value)
    {
        var copy = RuntimeHelpers.GetUninitializedObject(value.GetType());
        foreach (var field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            field.SetValue(copy, Of(field.GetValue(value)));
        }
        return copy;
    }

    /// <summary>Collections are made anew from their copied elements, with the comparer that they have.</summary>
    private static object OfCollection(IEnumerable sequence)
    {
        var type = sequence.GetType();
        if (sequence is IDictionary dictionary)
        {
            var copy = (IDictionary)Make(type, sequence);
            foreach (DictionaryEntry entry in dictionary)
            {
                copy.Add(Of(entry.Key)!, Of(entry.Value));
            }
            return copy;
        }
        var elements = sequence.Cast<object?>().Select(Of).ToList();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Stack<>))
        {
            elements.Reverse();
        }
        var collection = Make(type, sequence);
        var add = type.GetMethod("Add") ?? type.GetMethod("Enqueue") ?? type.GetMethod("Push") ??
            throw new InvalidOperationException($"{type} cannot stand in a grain's state.");
        foreach (var element in elements)
        {
            add.Invoke(collection, [element]);
        }
        return collection;
    }

    private static object Make(Type type, object original)
    {
        var comparer = type.GetProperty("Comparer")?.GetValue(original);
        var withComparer = comparer is null ? null : type.GetConstructors().FirstOrDefault(constructor =>
            constructor.GetParameters() is [var only] && only.ParameterType.IsInstanceOfType(comparer));
        return withComparer?.Invoke([comparer]) ?? Activator.CreateInstance(type)!;
    }

    private static object OfMembers(object value)
    {
        var type = value.GetType();
        var members = WireTypes.MembersOf(type);
        if (members.Count == 0 && !type.IsDefined(typeof(GenerateSerializerAttribute), false))
        {
            throw new InvalidOperationException(
                $"{type} has no [GenerateSerializer] and no [Id] members, so it is not stored.");
        }
        var copy = type.IsValueType || type.GetConstructor(Type.EmptyTypes) is not null
            ? Activator.CreateInstance(type)!
            : RuntimeHelpers.GetUninitializedObject(type);
        foreach (var (_, member) in members)
        {
            var field = member as FieldInfo ?? BackingField((PropertyInfo)member);
            if (field is not null)
            {
                field.SetValue(copy, Of(field.GetValue(value)));
            }
            else
            {
                ((PropertyInfo)member).SetValue(copy, Of(((PropertyInfo)member).GetValue(value)));
            }
        }
        return copy;
    }

    private static FieldInfo? BackingField(PropertyInfo property) => property.DeclaringType!.GetField(
        $"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);
}
