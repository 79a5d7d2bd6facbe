using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace OrleansEdge.Silo.Observability;

/// <summary>
/// Listens to meters and writes their state in Prometheus' text format (version 0.0.4). Counters and histograms
/// accumulate from the start of the process; observable instruments are asked at each scrape.
/// </summary>
internal sealed class PrometheusMetrics : IDisposable
{
    private static readonly double[] Bounds =
        [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 50, 100, 500, 1000, 5000, 10_000];

    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> _instruments = new();
    private readonly MeterListener _listener = new();

    /// <param name="meters">Name prefixes of the meters to listen to.</param>
    public PrometheusMetrics(params string[] meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Any(prefix => instrument.Meter.Name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<byte>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<short>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<float>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<decimal>((i, v, tags, _) => Record(i, (double)v, tags));
        _listener.Start();
    }

    /// <summary>Everything measured so far.</summary>
    public string Scrape()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var (instrument, series) in _instruments.OrderBy(i => i.Key.Name, StringComparer.Ordinal))
        {
            Write(text, instrument, series);
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _instruments.GetOrAdd(instrument, _ => new()).GetOrAdd(Labels(tags), _ => new());
        switch (Kind(instrument))
        {
            case "histogram":
                series.Observe(value);
                break;
            case "counter" when !instrument.IsObservable:
                series.Add(value);
                break;
            case "gauge" when IsUpDownCounter(instrument) && !instrument.IsObservable:
                series.Add(value);
                break;
            default:
                series.Set(value);
                break;
        }
    }

    private static void Write(StringBuilder text, Instrument instrument, ConcurrentDictionary<string, Series> all)
    {
        var kind = Kind(instrument);
        var name = Name(instrument.Name) + (kind == "counter" ? "_total" : "");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {kind}\n");
        foreach (var (labels, series) in all.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (kind == "histogram")
            {
                series.WriteHistogram(text, name, labels);
            }
            else
            {
                text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "")
                    .Append(' ').Append(Number(series.Value)).Append('\n');
            }
        }
    }

    private static string Kind(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : type.StartsWith("Counter", StringComparison.Ordinal)
                || type.StartsWith("ObservableCounter", StringComparison.Ordinal)
                ? "counter" : "gauge";
    }

    private static bool IsUpDownCounter(Instrument instrument) =>
        instrument.GetType().Name.StartsWith("UpDownCounter", StringComparison.Ordinal);

    private static string Name(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
        {
            return "";
        }
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels.Append(labels.Length > 0 ? "," : "").Append(Name(key)).Append("=\"")
                .Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(
                    "\"", "\\\"", StringComparison.Ordinal)
                    .ReplaceLineEndings("\\n"))
                .Append('"');
        }
        return labels.ToString();
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private sealed class Series
    {
        private readonly Lock _lock = new();
        private readonly long[] _buckets = new long[Bounds.Length + 1];
        private double _sum;
        private long _count;

        public double Value { get; private set; }

        public void Set(double value) => Value = value;

        public void Add(double value)
        {
            lock (_lock)
            {
                Value += value;
            }
        }

        public void Observe(double value)
        {
            var bucket = Array.FindIndex(Bounds, bound => value <= bound);
            lock (_lock)
            {
                _buckets[bucket < 0 ? Bounds.Length : bucket]++;
                _sum += value;
                _count++;
            }
        }

        public void WriteHistogram(StringBuilder text, string name, string labels)
        {
            var before = labels.Length > 0 ? labels + "," : "";
            var braces = labels.Length > 0 ? $"{{{labels}}}" : "";
            lock (_lock)
            {
                var cumulative = 0L;
                for (var i = 0; i < _buckets.Length; i++)
                {
                    cumulative += _buckets[i];
                    var bound = i < Bounds.Length ? Number(Bounds[i]) : "+Inf";
                    text.Append(
                        CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"{bound}\"}} {cumulative}\n");
                }
                text.Append(CultureInfo.InvariantCulture, $"{name}_sum{braces} {Number(_sum)}\n");
                text.Append(CultureInfo.InvariantCulture, $"{name}_count{braces} {_count}\n");
            }
        }
    }
}
