using System.Runtime.InteropServices;

namespace OrleansEdge.Client.Runs.Onnx;

/// <summary>
/// Builds an ONNX graph node by node. Field numbers are those of onnx.proto3, IR version 7, operator set 13.
/// </summary>
internal sealed class OnnxGraph(string name)
{
    private const int IrVersion = 7;
    private const int OperatorSet = 13;
    private const int FloatType = 1;
    private const int Int64Type = 7;
    private const int IntAttribute = 2;
    private const int IntsAttribute = 7;
    private readonly List<ProtobufWriter> _nodes = [];
    private readonly List<ProtobufWriter> _initializers = [];
    private readonly List<ProtobufWriter> _inputs = [];
    private readonly List<ProtobufWriter> _outputs = [];

    /// <summary>A float input [batch, <paramref name="length"/>].</summary>
    public string Input(string name, int length)
    {
        _inputs.Add(Matrix(name, length));
        return name;
    }

    /// <summary>Makes a value a float output [batch, <paramref name="length"/>].</summary>
    public void Output(string name, int length) => _outputs.Add(Matrix(name, length));

    /// <summary>A constant float tensor.</summary>
    public string Constant(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values) =>
        Initializer(name, shape, FloatType, MemoryMarshal.AsBytes(values));

    /// <summary>A constant vector of 64-bit integers.</summary>
    public string Constant(string name, params ReadOnlySpan<long> values) =>
        Initializer(name, [values.Length], Int64Type, MemoryMarshal.AsBytes(values));

    /// <summary>A node with one output, which has the node's name.</summary>
    public string Node(string name, string operation, IReadOnlyList<string> inputs, params NodeAttribute[] attributes)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }
        node.Text(2, name).Text(3, name).Text(4, operation);
        foreach (var attribute in attributes)
        {
            node.Message(5, attribute.Encode());
        }
        _nodes.Add(node);
        return name;
    }

    /// <summary>Writes the model.</summary>
    public void WriteTo(
        Stream stream, string version, string documentation, IReadOnlyDictionary<string, string> metadata)
    {
        var model = new ProtobufWriter()
            .Integer(1, IrVersion)
            .Text(2, "OrleansEdge")
            .Text(3, version)
            .Text(6, documentation)
            .Message(7, Graph())
            .Message(8, new ProtobufWriter().Text(1, "").Integer(2, OperatorSet));
        foreach (var (key, value) in metadata)
        {
            model.Message(14, new ProtobufWriter().Text(1, key).Text(2, value));
        }
        model.CopyTo(stream);
    }

    private ProtobufWriter Graph()
    {
        var graph = new ProtobufWriter();
        _nodes.ForEach(node => graph.Message(1, node));
        graph.Text(2, name);
        _initializers.ForEach(initializer => graph.Message(5, initializer));
        _inputs.ForEach(input => graph.Message(11, input));
        _outputs.ForEach(output => graph.Message(12, output));
        return graph;
    }

    private string Initializer(string name, IReadOnlyList<int> shape, int type, ReadOnlySpan<byte> bytes)
    {
        var tensor = new ProtobufWriter();
        foreach (var extent in shape)
        {
            tensor.Integer(1, extent);
        }
        _initializers.Add(tensor.Integer(2, type).Text(8, name).Bytes(9, bytes));
        return name;
    }

    private static ProtobufWriter Matrix(string name, int length)
    {
        var shape = new ProtobufWriter()
            .Message(1, new ProtobufWriter().Text(2, "batch"))
            .Message(1, new ProtobufWriter().Integer(1, length));
        var tensor = new ProtobufWriter().Integer(1, FloatType).Message(2, shape);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }

    /// <summary>A named integer or list of integers of a node.</summary>
    public sealed record NodeAttribute(string Name, params long[] Values)
    {
        /// <summary>A single integer instead of a list.</summary>
        public bool IsSingle { get; init; }

        /// <summary>The message AttributeProto.</summary>
        internal ProtobufWriter Encode()
        {
            var attribute = new ProtobufWriter().Text(1, Name);
            foreach (var value in Values)
            {
                attribute.Integer(IsSingle ? 3 : 8, value);
            }
            return attribute.Integer(20, IsSingle ? IntAttribute : IntsAttribute);
        }
    }
}
