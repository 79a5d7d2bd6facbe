using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using OrleansEdge.Core;

namespace OrleansEdge.Grains.Interfaces.Hosting;

/// <summary>Bytes that a message will take on the wire, to within the few that headers add.</summary>
public static class MessageSize
{
    /// <summary>The largest message that is sent.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private const int Scalar = 8;
    private static readonly ConcurrentDictionary<Type, Func<object, long>[]> Members = new();

    /// <summary>Adds up payload bytes, strings, arrays and the members of our own message types.</summary>
    public static long Estimate(object? message) => message switch
    {
        null => 0,
        ReadOnlyMemory<byte> bytes => bytes.Length,
        string text => text.Length,
        byte[] bytes => bytes.Length,
        Array { Rank: 1 } array when array.GetType().GetElementType()!.IsPrimitive => array.LongLength * Scalar,
        IEnumerable items => items.Cast<object?>().Sum(Estimate),
        _ when IsOurs(message.GetType()) => Scalar + Sum(message),
        _ => Scalar,
    };

    /// <exception cref="OrleansEdgeException">The message is larger than <see cref="MaxBytes"/> (65).</exception>
    public static void Require(long bytes, string? interfaceName, string? methodName, string what)
    {
        if (bytes > MaxBytes)
        {
            throw OrleansEdgeException.WrongData(
                $"the {what} of {interfaceName}.{methodName} has {bytes} bytes; at most {MaxBytes} are sent in one message");
        }
    }

    private static long Sum(object message)
    {
        var sum = 0L;
        foreach (var member in Members.GetOrAdd(message.GetType(), MembersOf))
        {
            sum += member(message);
        }
        return sum;
    }

    private static bool IsOurs(Type type) =>
        !type.IsEnum && type.Namespace?.StartsWith("OrleansEdge.", StringComparison.Ordinal) == true;

    private static Func<object, long>[] MembersOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Select(Measure),
    ];

    // Bytes are read through a typed delegate: going through object would box them at every call.
    private static Func<object, long> Measure(PropertyInfo property) =>
        property.PropertyType.IsPrimitive || property.PropertyType.IsEnum ? static _ => Scalar
        : property.PropertyType == typeof(ReadOnlyMemory<byte>) ? BytesOf(property)
        : message => Estimate(property.GetValue(message));

    private static Func<object, long> BytesOf(PropertyInfo property)
    {
        var open = typeof(MessageSize).GetMethod(nameof(BytesOfTyped), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (Func<object, long>)open.MakeGenericMethod(property.DeclaringType!).Invoke(null, [property])!;
    }

    private static Func<object, long> BytesOfTyped<TMessage>(PropertyInfo property) where TMessage : class
    {
        var get = property.GetMethod!.CreateDelegate<Func<TMessage, ReadOnlyMemory<byte>>>();
        return message => get((TMessage)message).Length;
    }
}
