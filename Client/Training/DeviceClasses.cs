using System.Globalization;
using OrleansEdge.Core;

namespace OrleansEdge.Client.Training;

/// <summary>Workers of one kind of device.</summary>
/// <param name="Share">Of the fleet, above 0 and at most 1.</param>
/// <param name="Speed">Relative to a device of speed 1.</param>
internal sealed record DeviceClass(double Share, double Speed)
{
    /// <summary>Such as "30 % at speed 0.1".</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Share * 100:0.#} % at speed {Speed:0.####}");
}

/// <summary>The classes of a fleet, written as "0.3:1,0.4:0.1,0.3:0.01" (share:relative speed).</summary>
internal sealed record DeviceClasses(IReadOnlyList<DeviceClass> Classes)
{
    /// <summary>Ends the sentence "expected ...".</summary>
    public const string Expected = "SHARE:SPEED,... with shares that add up to 1 and speeds from 0.0001 to 10000";

    /// <summary>All devices alike.</summary>
    public static DeviceClasses One { get; } = new([new DeviceClass(1, 1)]);

    public static bool TryParse(string text, out DeviceClasses classes)
    {
        classes = One;
        var parsed = new List<DeviceClass>();
        foreach (var part in text.Split(','))
        {
            if (part.Split(':') is not [var share, var speed] || !TryNumber(share, 0, 1, out var s)
                || !TryNumber(speed, 1e-4, 1e4, out var v) || s == 0)
            {
                return false;
            }
            parsed.Add(new DeviceClass(s, v));
        }
        classes = new DeviceClasses(parsed);
        return Math.Abs(parsed.Sum(device => device.Share) - 1) < 1e-6;
    }

    /// <summary>
    /// The class of each worker: exact shares, dealt out at random so that data and class are independent.
    /// </summary>
    public int[] Assign(int workers, ulong seed)
    {
        var assigned = new int[workers];
        var (filled, share) = (0, 0.0);
        for (var i = 0; i < Classes.Count; i++)
        {
            share += Classes[i].Share;
            var end = i == Classes.Count - 1 ? workers : (int)Math.Round(share * workers);
            assigned.AsSpan(filled, end - filled).Fill(i);
            filled = end;
        }
        new RandomStream(seed, "device-classes").Shuffle<int>(assigned);
        return assigned;
    }

    /// <summary>Speed of each worker's device; empty when all are 1, as a job takes it.</summary>
    public double[] SpeedsOf(int workers, ulong seed) => Classes.All(device => device.Speed == 1)
        ? []
        : [.. Assign(workers, seed).Select(device => Classes[device].Speed)];

    /// <summary>The classes that <see cref="SpeedsOf"/> has dealt out; neighbours of one speed become one.</summary>
    /// <param name="speeds">By worker; empty when all are 1.</param>
    public static DeviceClasses FromSpeeds(IReadOnlyList<double> speeds, ulong seed)
    {
        if (speeds.Count == 0)
        {
            return One;
        }
        var dealt = Enumerable.Range(0, speeds.Count).ToArray();
        new RandomStream(seed, "device-classes").Shuffle<int>(dealt);
        var inOrder = new double[speeds.Count];
        foreach (var (worker, place) in dealt.Index())
        {
            inOrder[place] = speeds[worker];
        }
        var (classes, start) = (new List<DeviceClass>(), 0);
        for (var end = 1; end <= inOrder.Length; end++)
        {
            if (end == inOrder.Length || inOrder[end] != inOrder[start])
            {
                classes.Add(new DeviceClass((end - start) / (double)inOrder.Length, inOrder[start]));
                start = end;
            }
        }
        return new DeviceClasses(classes);
    }

    public override string ToString() => string.Join(
        ',', Classes.Select(device => string.Create(CultureInfo.InvariantCulture, $"{device.Share:R}:{device.Speed:R}")));

    private static bool TryNumber(string text, double least, double most, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= least
            && value <= most;
}
