using FsCheck;
using FsCheck.Fluent;
using OrleansEdge.Client.CommandLine;
using OrleansEdge.Client.Games.Play;
using OrleansEdge.Client.Progress;
using OrleansEdge.Client.Reporting;
using OrleansEdge.Client.Training;
using OrleansEdge.Grains.Interfaces.Training;

namespace OrleansEdge.Tests.Client;

public class SmallPartsTests
{
    [Theory]
    [InlineData(1e300, "1e+300")]
    [InlineData(-1e300, "-1e+300")]
    [InlineData(double.MaxValue, "1.7977e+308")]
    [InlineData(5e-324, "4.9407e-324")]
    [InlineData(1234567.125, "1,234,567.125")]
    [InlineData(0, "0")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.NegativeInfinity, "–")]
    public void Any_number_is_shown(double number, string expected) =>
        Assert.Equal([("value", expected)], JsonText.FieldsOf(new { Value = number }));

    [Theory]
    [InlineData(9.0, 10.0, true)]
    [InlineData(11.0, 10.0, false)]
    [InlineData(double.NaN, 10.0, false)]
    [InlineData(double.PositiveInfinity, double.NaN, false)]
    [InlineData(null, 10.0, false)]
    public void Only_a_baseline_that_has_a_figure_can_be_better(double? figure, double own, bool isBetter) => Assert.Equal(
        isBetter ? ["'greedy' is better in every column: cost 9 against 10"] : [],
        new Baselines("equilibrium", [new("cost", "cost")], [own]).Add("greedy", figure).Defeats());

    [Theory]
    [InlineData("oe", "no data; 'oe data get mnist' downloads it")]
    [InlineData("bin/oe", "no data; 'bin/oe data get mnist' downloads it")]
    public void A_hint_names_the_program_as_it_was_started(string program, string expected) =>
        Assert.Equal(expected, ProgramName.InHints("no data; 'oe data get mnist' downloads it", program));

    [Theory]
    [InlineData("wrokers", "workers")]
    [InlineData("worker", "workers")]
    [InlineData("compresion", "compression")]
    [InlineData("zzz", null)]
    public void The_nearest_name_is_found(string name, string? expected) =>
        Assert.Equal(expected, NearestName.Of(name, ["workers", "shards", "compression"]));

    [Fact]
    public void Edit_distance_is_symmetric_and_zero_for_equal_words_only() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonNull<string>, NonNull<string>>((a, b) =>
            NearestName.Distance(a.Get, b.Get) == NearestName.Distance(b.Get, a.Get)
            && NearestName.Distance(a.Get, b.Get) == 0 == (a.Get == b.Get)
            && NearestName.Distance(a.Get, b.Get) <= Math.Max(a.Get.Length, b.Get.Length)));

    [Theory]
    [InlineData("1:1")]
    [InlineData("0.3:1,0.4:0.1,0.3:0.01")]
    public void Device_classes_come_back_as_they_were_written(string text)
    {
        Assert.True(DeviceClasses.TryParse(text, out var classes));
        Assert.Equal(text, classes.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1:1:1")]
    [InlineData("0.5:1")]
    [InlineData("0:1,1:1")]
    [InlineData("-0.5:1,1.5:1")]
    [InlineData("1:-1")]
    [InlineData("1:NaN")]
    [InlineData("NaN:1")]
    [InlineData("1:0.00001")]
    public void Wrong_device_classes_are_refused(string text) => Assert.False(DeviceClasses.TryParse(text, out _));

    [Fact]
    public void Devices_have_exact_shares_in_an_order_of_the_seed()
    {
        Assert.True(DeviceClasses.TryParse("0.3:1,0.4:0.1,0.3:0.01", out var classes));
        var assigned = classes.Assign(200, 1);
        Assert.Equal([60, 80, 60], Enumerable.Range(0, 3).Select(device => assigned.Count(a => a == device)));
        Assert.Equal(assigned, classes.Assign(200, 1));
        Assert.NotEqual(assigned, classes.Assign(200, 2));
        Assert.Equal(60, classes.SpeedsOf(200, 1).Count(speed => speed == 0.01));
        Assert.Empty(DeviceClasses.One.SpeedsOf(200, 1));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.00 kB")]
    [InlineData(1.33e9, "1.33 GB")]
    [InlineData(4.6e11, "460 GB")]
    public void Bytes_are_written_in_powers_of_1000(double bytes, string expected) =>
        Assert.Equal(expected, Quantity.Bytes(bytes));

    [Theory]
    [InlineData(12.34, "12.3 s")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(12_000, "3 h 20 min")]
    [InlineData(400_000, "4.6 d")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "–")]
    public void Durations_are_written_as_people_say_them(double seconds, string expected) =>
        Assert.Equal(expected, Quantity.Duration(seconds));

    [Fact]
    public void Json_has_null_for_what_is_no_number() =>
        Assert.Equal("""{"a":null,"b":1.5,"exit":"notReached"}""", JsonText.LineOf(
            new { A = double.NaN, B = 1.5, Exit = OrleansEdge.Core.ExitCode.NotReached }));

    [Fact]
    public void The_progress_line_has_rate_accuracy_staleness_traffic_and_rest()
    {
        var clock = new HandClock();
        var meter = new TrainingMeter(new TrainingJob { Updates = 1000, BatchSize = 10 }, clock);
        meter.Take(Progress(0));
        clock.Seconds = 10;
        var figures = meter.Take(Progress(200));
        Assert.Equal(20, figures.UpdatesPerSecond);
        Assert.Equal(200, figures.ImagesPerSecond);
        Assert.Equal(40, figures.SecondsLeft);
        Assert.Equal(
            "200 of 1,000 updates, accuracy 95.00 %, staleness 3, 5.00 kB in, 20 updates/s, 40.0 s left",
            TrainingPanel.Line(figures));
    }

    private static TrainingProgress Progress(long updates) => new(
        new JobStatus(
            JobPhase.Running, null, updates, [new EvaluationPoint(100, 0.95, 0.2, 1, 1, 1, false)],
            [new ShardStatus(true, updates, false, 5000, 7000, 3, 9, [], [], Epoch: 0)], []),
        1);

    private sealed class HandClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
