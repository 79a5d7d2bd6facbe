using System.Runtime.InteropServices;
using System.Text;

namespace OrleansEdge.Tests.Client;

/// <summary>
/// Reads and runs ONNX files of a few operators, from the format's definition alone: what the writer gets wrong shows
/// here.
/// </summary>
internal sealed class OnnxInterpreter
{
    private readonly Dictionary<string, Array> _constants = [];
    private readonly List<Node> _nodes = [];

    public OnnxInterpreter(ReadOnlySpan<byte> model)
    {
        foreach (var field in Fields(model.ToArray()))
        {
            switch (field.Number)
            {
                case 1:
                    IrVersion = field.Integer;
                    break;
                case 7:
                    ReadGraph(field.Bytes);
                    break;
                case 8:
                    OperatorSet = Fields(field.Bytes).First(inner => inner.Number == 2).Integer;
                    break;
            }
        }
    }

    public long IrVersion { get; }

    public long OperatorSet { get; }

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public IEnumerable<string> Operators => _nodes.Select(node => node.Operator);

    /// <summary>The named output for a batch of one image.</summary>
    public float[] Run(float[] input, string output)
    {
        var values = new Dictionary<string, Array>();
        foreach (var (name, constant) in _constants)
        {
            values[name] = constant;
        }
        values[Inputs.Single()] = new Array([1, input.Length], input);
        foreach (var node in _nodes)
        {
            values[node.Output] = OnnxOperators.Apply(node, [.. node.Inputs.Select(name => values[name])]);
        }
        return values[output].Values;
    }

    private void ReadGraph(byte[] graph)
    {
        foreach (var field in Fields(graph))
        {
            switch (field.Number)
            {
                case 1:
                    _nodes.Add(Node.Read(Fields(field.Bytes)));
                    break;
                case 5:
                    ReadConstant(Fields(field.Bytes).ToList());
                    break;
                case 11:
                    Inputs.Add(Fields(field.Bytes).First(inner => inner.Number == 1).Text);
                    break;
                case 12:
                    Outputs.Add(Fields(field.Bytes).First(inner => inner.Number == 1).Text);
                    break;
            }
        }
    }

    private void ReadConstant(List<Field> fields)
    {
        var name = fields.First(field => field.Number == 8).Text;
        var shape = fields.Where(field => field.Number == 1).Select(field => (int)field.Integer).ToArray();
        var raw = fields.First(field => field.Number == 9).Bytes;
        _constants[name] = fields.First(field => field.Number == 2).Integer == 1
            ? new Array(shape, MemoryMarshal.Cast<byte, float>(raw).ToArray())
            : new Array(shape, [.. MemoryMarshal.Cast<byte, long>(raw).ToArray().Select(number => (float)number)]);
    }

    private static IEnumerable<Field> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return new Field(number, (long)Varint(message, ref at), []);
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return new Field(number, 0, message[at..(at + length)]);
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(message[at] & 0x7F) << shift;
            if (message[at++] < 0x80)
            {
                return value;
            }
        }
    }

    internal sealed record Field(int Number, long Integer, byte[] Bytes)
    {
        public string Text => Encoding.UTF8.GetString(Bytes);
    }

    /// <summary>A tensor, row-major.</summary>
    internal sealed record Array(int[] Shape, float[] Values);

    internal sealed record Node(
        string Operator, string[] Inputs, string Output, IReadOnlyDictionary<string, long[]> Attributes)
    {
        public static Node Read(IEnumerable<Field> source)
        {
            var fields = source.ToList();
            return new Node(
                fields.First(field => field.Number == 4).Text,
                [.. fields.Where(field => field.Number == 1).Select(field => field.Text)],
                fields.Single(field => field.Number == 2).Text,
                fields.Where(field => field.Number == 5).Select(field => Fields(field.Bytes).ToList()).ToDictionary(
                    attribute => attribute.First(field => field.Number == 1).Text,
                    attribute => attribute.Where(field => field.Number is 3 or 8).Select(field => field.Integer).ToArray()));
        }
    }
}
