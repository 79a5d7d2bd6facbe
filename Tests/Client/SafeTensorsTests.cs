using System.Buffers.Binary;
using System.Text;
using FsCheck.Fluent;
using OrleansEdge.Client.Runs;
using OrleansEdge.Core;
using OrleansEdge.Core.Models;

namespace OrleansEdge.Tests.Client;

public class SafeTensorsTests
{
    [Fact]
    public void A_model_comes_back_block_by_block()
    {
        foreach (var name in ModelCatalog.Names)
        {
            var model = ModelCatalog.Create(name);
            var parameters = Parameters(model);
            var tensors = SafeTensors.Read("file", Bytes(SafeTensors.TensorsOf(model, parameters)));
            Assert.Equal(model.ParameterBlocks.Select(block => block.Name), tensors.Select(tensor => tensor.Name));
            Assert.Equal(
                model.ParameterBlocks.Select(block => string.Join('x', block.Shape)),
                tensors.Select(tensor => string.Join('x', tensor.Shape)));
            Assert.Equal(parameters, tensors.SelectMany(tensor => tensor.Values));
        }
    }

    [Fact]
    public void The_layout_is_that_of_the_format()
    {
        var file = Bytes([new Tensor("w", [2, 1], [1.5f, -2])]);
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, headerLength % 8);
        Assert.Equal(
            """{"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""",
            Encoding.UTF8.GetString(file, 8, headerLength).TrimEnd());
        Assert.Equal([0x00, 0x00, 0xC0, 0x3F, 0x00, 0x00, 0x00, 0xC0], file[(8 + headerLength)..]);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var file = Bytes([new Tensor("a", [3], [1, 2, 3]), new Tensor("b", [], [4])]);
        for (var length = 0; length < file.Length; length++)
        {
            RequireWrong(file[..length]);
        }
        RequireWrong([.. file, 0]);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}""", 2, "F16; expected F32")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "expected 0..8 by its shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "by its shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "expected 0..4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", 4, "not of the")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "not of the safetensors format")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "not of the safetensors format")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"offset":0}}""", 4, "tensor 'a' has the member 'offset'; ")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", 4,
        "tensor 'a' has the member 'shape' twice")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4,
        "its header has the member 'a' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "its header has the member '__metadata__' twice")]
    [InlineData("""[1,2]""", 0, "not of the safetensors format")]
    [InlineData("""{"a":""", 0, "not of the safetensors format")]
    public void A_header_that_lies_is_refused(string header, int dataLength, string expected)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        Assert.Contains(expected, RequireWrong(file).Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_no_finite_number_is_refused(float value) =>
        Assert.Contains(
            $"tensor 'b' holds {value} at 1",
            RequireWrong(Bytes([new Tensor("a", [1], [1]), new Tensor("b", [2], [1, value])])).Message);

    [Fact]
    public void Whatever_bytes_come_it_is_a_value_or_a_clear_refusal() =>
        Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
        {
            try
            {
                _ = SafeTensors.Read("file", bytes);
                return true;
            }
            catch (OrleansEdgeException exception)
            {
                return exception.ExitCode == ExitCode.Data;
            }
        }));

    internal static float[] Parameters(IModel model)
    {
        var parameters = new float[model.ParameterCount];
        var random = new RandomStream(3, "parameters");
        model.Initialize(parameters, ref random);
        return parameters;
    }

    private static byte[] Bytes(IReadOnlyList<Tensor> tensors)
    {
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, tensors);
        return stream.ToArray();
    }

    private static OrleansEdgeException RequireWrong(byte[] file)
    {
        var exception = Assert.Throws<OrleansEdgeException>(() => SafeTensors.Read("file", file));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.StartsWith("file", exception.Message);
        return exception;
    }
}
