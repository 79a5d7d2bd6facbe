using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using OrleansEdge.Simulation.Hosting;
using OrleansEdge.Simulation.Wire;

namespace OrleansEdge.Simulation.Messaging;

/// <summary>Makes a grain reference of one interface.</summary>
internal delegate GrainProxy MakeProxy(MessageCenter center, GrainEntry entry);

/// <summary>
/// Compiles, once per grain interface, a reference class that implements it and a call class per method that holds its
/// arguments. After that no call uses reflection.
/// </summary>
internal static class ProxyFactory
{
    private const BindingFlags Everything =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Lock Compiling = new();
    private static readonly ConcurrentDictionary<Type, MakeProxy> Made = new();
    private static int _count;

    /// <exception cref="InvalidOperationException">The interface has members that grains cannot have.</exception>
    public static MakeProxy For(Type grainInterface)
    {
        if (Made.TryGetValue(grainInterface, out var made))
        {
            return made;
        }
        lock (Compiling)
        {
            return Made.GetOrAdd(grainInterface, Compile);
        }
    }

    private static MakeProxy Compile(Type grainInterface)
    {
        var methods = MethodsOf(grainInterface);
        var assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName($"OrleansEdge.Simulation.Proxies.{_count++}"), AssemblyBuilderAccess.Run);
        OpenAssemblies(assembly, grainInterface, methods);
        var module = assembly.DefineDynamicModule("proxies");
        var proxy = module.DefineType(
            $"{grainInterface.Name}Reference", TypeAttributes.Public | TypeAttributes.Sealed, typeof(GrainProxy));
        proxy.AddInterfaceImplementation(grainInterface);
        DefineConstructor(proxy);
        for (var i = 0; i < methods.Count; i++)
        {
            var (type, constructor, arguments) = DefineCall(module, methods[i], i);
            type.CreateType().GetField("Descriptor")!.SetValue(null, new GrainMethod(grainInterface, methods[i]));
            DefineMethod(proxy, methods[i], constructor, arguments);
        }
        return CompileConstructor(proxy.CreateType());
    }

    private static List<MethodInfo> MethodsOf(Type grainInterface)
    {
        var methods = grainInterface.GetInterfaces().Prepend(grainInterface)
            .SelectMany(type => type.GetMethods(Everything)).Where(method => method.IsAbstract).ToList();
        foreach (var method in methods)
        {
            if (method.IsSpecialName || method.IsGenericMethodDefinition || ResultBase(method) is null ||
                method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef))
            {
                throw new InvalidOperationException(
                    $"{grainInterface}.{method.Name}: the members of a grain interface are methods that return Task, " +
                    "Task<T>, ValueTask or ValueTask<T>, without type, ref, in or out parameters.");
            }
        }
        return methods;
    }

    /// <summary>
    /// The call class that a method's class derives from; null when it returns something else than a task.
    /// </summary>
    private static Type? ResultBase(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task) || type == typeof(ValueTask))
        {
            return typeof(VoidCall);
        }
        var isTask = type.IsGenericType &&
            (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return isTask ? typeof(ResultCall<>).MakeGenericType(type.GetGenericArguments()) : null;
    }

    /// <summary>
    /// Lets the generated code see internal types: grain interfaces, their messages, this assembly's own.
    /// </summary>
    private static void OpenAssemblies(AssemblyBuilder assembly, Type grainInterface, List<MethodInfo> methods)
    {
        var types = methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)
            .Append(method.ReturnType)).SelectMany(WithArguments).Concat(grainInterface.GetInterfaces())
            .Append(grainInterface).Append(typeof(ProxyFactory));
        var attribute = typeof(System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute).GetConstructors()[0];
        foreach (var name in types.Select(type => type.Assembly.GetName().Name!).Distinct())
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(attribute, [name]));
        }
    }

    private static IEnumerable<Type> WithArguments(Type type) => type.HasElementType
        ? WithArguments(type.GetElementType()!)
        : type.GetGenericArguments().SelectMany(WithArguments).Append(type);

    private static (TypeBuilder Type, ConstructorBuilder Constructor, FieldBuilder[] Arguments) DefineCall(
        ModuleBuilder module, MethodInfo method, int number)
    {
        var parent = ResultBase(method)!;
        var type = module.DefineType(
            $"{method.DeclaringType!.Name}.{method.Name}.{number}", TypeAttributes.Public | TypeAttributes.Sealed, parent);
        var descriptor = type.DefineField(
            "Descriptor", typeof(GrainMethod), FieldAttributes.Public | FieldAttributes.Static);
        var arguments = method.GetParameters().Select((parameter, i) =>
            type.DefineField($"Argument{i}", parameter.ParameterType, FieldAttributes.Public)).ToArray();
        DefineDescriptor(type, descriptor);
        DefineInvoke(type, parent, method, arguments);
        DefineMeasure(type, arguments);
        return (type, type.DefineDefaultConstructor(MethodAttributes.Public), arguments);
    }

    private static void DefineDescriptor(TypeBuilder type, FieldBuilder descriptor)
    {
        var il = Override(type, typeof(Call).GetProperty(nameof(Call.Method))!.GetMethod!);
        il.Emit(OpCodes.Ldsfld, descriptor);
        il.Emit(OpCodes.Ret);
    }

    private static void DefineInvoke(TypeBuilder type, Type parent, MethodInfo method, FieldBuilder[] arguments)
    {
        var il = Override(type, parent.GetMethod(nameof(VoidCall.Invoke))!);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var argument in arguments)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, argument);
        }
        il.Emit(OpCodes.Callvirt, method);
        if (method.ReturnType.IsValueType)
        {
            var local = il.DeclareLocal(method.ReturnType);
            il.Emit(OpCodes.Stloc, local);
            il.Emit(OpCodes.Ldloca, local);
            il.Emit(OpCodes.Call, method.ReturnType.GetMethod(nameof(ValueTask.AsTask))!);
        }
        il.Emit(OpCodes.Ret);
    }

    private static void DefineMeasure(TypeBuilder type, FieldBuilder[] arguments)
    {
        var measure = typeof(WireCodec).GetMethod(nameof(WireCodec.Measure))!;
        var il = Override(type, typeof(Call).GetMethod(nameof(Call.MeasureArguments))!);
        foreach (var argument in arguments)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, argument);
            il.Emit(OpCodes.Call, measure.MakeGenericMethod(argument.FieldType));
        }
        il.Emit(OpCodes.Ret);
    }

    private static void DefineMethod(
        TypeBuilder proxy, MethodInfo method, ConstructorBuilder constructor, FieldBuilder[] arguments)
    {
        var il = Override(proxy, method, $"{method.DeclaringType!.Name}.{method.Name}");
        il.Emit(OpCodes.Newobj, constructor);
        for (var i = 0; i < arguments.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            il.Emit(OpCodes.Stfld, arguments[i]);
        }
        il.Emit(OpCodes.Ldarg_0);
        var send = method.ReturnType.IsValueType ? nameof(VoidCall.SendValue) : nameof(VoidCall.Send);
        il.Emit(OpCodes.Call, ResultBase(method)!.GetMethod(send)!);
        il.Emit(OpCodes.Ret);
    }

    private static void DefineConstructor(TypeBuilder proxy)
    {
        var parent = typeof(GrainProxy).GetConstructors(Everything)[0];
        var constructor = proxy.DefineConstructor(
            MethodAttributes.Public, CallingConventions.Standard, [typeof(MessageCenter), typeof(GrainEntry)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, parent);
        il.Emit(OpCodes.Ret);
    }

    private static MakeProxy CompileConstructor(Type proxy)
    {
        var factory = new DynamicMethod(
            "Make", typeof(GrainProxy), [typeof(MessageCenter), typeof(GrainEntry)], typeof(ProxyFactory).Module, true);
        var il = factory.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, proxy.GetConstructors()[0]);
        il.Emit(OpCodes.Ret);
        return factory.CreateDelegate<MakeProxy>();
    }

    private static ILGenerator Override(TypeBuilder type, MethodInfo method, string? name = null)
    {
        var definition = type.DefineMethod(
            name ?? method.Name,
            MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.Final,
            method.ReturnType,
            [.. method.GetParameters().Select(parameter => parameter.ParameterType)]);
        type.DefineMethodOverride(definition, method);
        return definition.GetILGenerator();
    }
}
