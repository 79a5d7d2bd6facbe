namespace System.Runtime.CompilerServices;

/// <summary>
/// The runtime lets an assembly with this attribute use the internal types of the assembly that it names.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
