namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// A made-up city: streets in a grid, both ways, with zones spread over its crossings. Decided by the seed.
/// </summary>
public sealed record GridNetwork
{
    /// <summary>Crossings from west to east; at least 2.</summary>
    public int Columns { get; init; } = 32;

    /// <summary>Crossings from south to north; at least 2.</summary>
    public int Rows { get; init; } = 32;

    /// <summary>Crossings that are zones; at least 2 and at most all.</summary>
    public int Zones { get; init; } = 101;

    /// <summary>Vehicles per hour from each zone to each other on average; at least 0.</summary>
    public double MeanTrips { get; init; } = 10;

    /// <summary>
    /// Whether a zone lies apart from the streets, joined to its crossing by a connector each way that must not be
    /// passed through.
    /// </summary>
    public bool HasConnectors { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <exception cref="OrleansEdgeException">A value is out of its range (64).</exception>
    public void Validate()
    {
        Check.AtLeast(Columns, 2);
        Check.AtLeast(Rows, 2);
        Check.Require(Zones >= 2 && Zones <= Columns * Rows, nameof(Zones), Zones, $"2 to {Columns * Rows}");
        Check.NotNegative(MeanTrips);
    }

    /// <summary>
    /// The network: streets of 100 to 300 length units, a tenth of them arterials of three times the capacity.
    /// </summary>
    public TrafficNetwork Build()
    {
        Validate();
        var random = new RandomStream(Seed, "grid.links");
        var number = Numbering();
        var links = new List<TrafficLink>();
        for (var cell = 0; cell < Columns * Rows; cell++)
        {
            if (cell % Columns + 1 < Columns)
            {
                AddStreet(links, number[cell], number[cell + 1], ref random);
            }
            if (cell + Columns < Columns * Rows)
            {
                AddStreet(links, number[cell], number[cell + Columns], ref random);
            }
        }
        if (!HasConnectors)
        {
            return new TrafficNetwork($"grid {Columns}x{Rows}", Zones, Columns * Rows, 1, [.. links]);
        }
        for (var zone = 1; zone <= Zones; zone++)
        {
            links.Add(Connector(zone, zone + Zones));
            links.Add(Connector(zone + Zones, zone));
        }
        return new TrafficNetwork($"grid {Columns}x{Rows}", Zones, (Columns * Rows) + Zones, Zones + 1, [.. links]);
    }

    /// <summary>Trips between all pairs of zones, uniform between 0 and twice the mean.</summary>
    public TravelDemand Demand()
    {
        Validate();
        var random = new RandomStream(Seed, "grid.trips");
        var trips = new List<Trips>();
        for (var origin = 1; origin <= Zones; origin++)
        {
            for (var destination = 1; destination <= Zones; destination++)
            {
                var flow = 2 * MeanTrips * random.NextDouble();
                if (origin != destination)
                {
                    trips.Add(new Trips(origin, destination, flow));
                }
            }
        }
        return new TravelDemand(Zones, trips);
    }

    /// <summary>
    /// [cells] node numbers: zones come first, at random crossings; behind connectors all crossings move up.
    /// </summary>
    private int[] Numbering()
    {
        var random = new RandomStream(Seed, "grid.zones");
        var cells = Enumerable.Range(0, Columns * Rows).ToArray();
        random.Shuffle<int>(cells);
        var number = new int[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            number[cells[i]] = i + 1 + (HasConnectors ? Zones : 0);
        }
        return number;
    }

    private static void AddStreet(List<TrafficLink> links, int a, int b, ref RandomStream random)
    {
        var length = 100 + (200 * random.NextDouble());
        var isArterial = random.NextDouble() < 0.1;
        var capacity = (isArterial ? 3 : 1) * (600 + (600 * random.NextDouble()));
        var time = length / (isArterial ? 800 : 500);
        links.Add(Street(a, b, capacity, length, time));
        links.Add(Street(b, a, capacity, length, time));
    }

    private static TrafficLink Street(int from, int to, double capacity, double length, double time) => new()
    {
        From = from,
        To = to,
        Capacity = capacity,
        Length = length,
        FreeFlowTime = time,
    };

    private static TrafficLink Connector(int from, int to) => new()
    {
        From = from,
        To = to,
        Capacity = 1,
        FreeFlowTime = 0,
        B = 0,
        Power = 1,
    };
}
