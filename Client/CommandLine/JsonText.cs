using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansEdge.Client.CommandLine;

/// <summary>The console's JSON: camelCase names, names of enumerations, null for what is no number.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Indented = Make(indented: true);
    private static readonly JsonSerializerOptions Compact = Make(indented: false);

    /// <summary>
    /// Writes numbers that are not finite by name, so that reading gives back exactly what was written.
    /// </summary>
    public static JsonSerializerOptions Lossless { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Several lines, for people and programs.</summary>
    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Indented);

    /// <summary>One line, as in JSON lines.</summary>
    public static string LineOf<T>(T value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>The fields of an object as names and values; numbers with the digits that matter.</summary>
    public static IEnumerable<(string Name, string Value)> FieldsOf<T>(T value) =>
        from field in JsonSerializer.SerializeToElement(value, Compact).EnumerateObject()
        select (field.Name, field.Value.ValueKind switch
        {
            JsonValueKind.Number => NumberText(field.Value),
            JsonValueKind.Null => "–",
            _ => field.Value.ToString(),
        });

    /// <summary>Plain where that is short, otherwise with an exponent: gaps are tiny, and flows may be huge.</summary>
    private static string NumberText(JsonElement number) =>
        number.GetDouble() is var value && (value == 0 || Math.Abs(value) is >= 0.001 and < 1e20)
            ? number.GetDecimal().ToString("#,0.####", CultureInfo.InvariantCulture)
            : value.ToString("g5", CultureInfo.InvariantCulture);

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new FiniteNumber());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        return options;
    }

    /// <summary>JSON has no NaN and no infinity; they become null.</summary>
    private sealed class FiniteNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override bool HandleNull => true;

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
