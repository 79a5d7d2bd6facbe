using Orleans;
using OrleansEdge.Grains.Interfaces.Hosting;
using OrleansEdge.Simulation.Clock;
using OrleansEdge.Simulation.Messaging;
using OrleansEdge.Simulation.Network;

namespace OrleansEdge.Simulation.Hosting;

/// <summary>Knows every grain, finds or makes its activation, and lets idle ones go.</summary>
internal sealed class GrainDirectory : IGrains
{
    private readonly GrainClasses _classes;
    private readonly IVirtualPlacement _placement;
    private readonly Dictionary<Type, InterfaceTable> _interfaces = [];
    private readonly Dictionary<Type, GrainClass> _grainClasses = [];
    private readonly Dictionary<(GrainClass Class, string Key), GrainEntry> _entries = [];
    private readonly List<VirtualNode> _livingSilos = [];
    private readonly long _idleAfter;

    public GrainDirectory(
        GrainClasses classes, IVirtualPlacement placement, IReadOnlyList<VirtualNode> nodes, TimeSpan? deactivateAfter)
    {
        _classes = classes;
        _placement = placement;
        Nodes = nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        AllNodes = nodes;
        _idleAfter = deactivateAfter is { } age ? VirtualTime.FromTimeSpan(age) : VirtualTime.Never;
        RefreshSilos();
    }

    public IReadOnlyDictionary<string, VirtualNode> Nodes { get; }

    public IReadOnlyList<VirtualNode> AllNodes { get; }

    public int ActivationCount { get; private set; }

    /// <summary>Activations made since the start.</summary>
    public long Activated { get; private set; }

    public ActivationServices Activations { get; set; } = null!;

    public HostServices Services { get; set; } = null!;

    public MessageCenter Center { get; set; } = null!;

    /// <inheritdoc/>
    public TGrain Get<TGrain>(string key) where TGrain : class, IGrainWithStringKey
    {
        if (!_interfaces.TryGetValue(typeof(TGrain), out var table))
        {
            table = new InterfaceTable(ClassFor(typeof(TGrain)), ProxyFactory.For(typeof(TGrain)));
            _interfaces.Add(typeof(TGrain), table);
        }
        if (!table.Proxies.TryGetValue(key, out var proxy))
        {
            proxy = table.Make(Center, EntryOf(table.Class, key));
            table.Proxies.Add(key, proxy);
        }
        return (TGrain)(object)proxy;
    }

    /// <summary>Where calls to a grain go; places it when it has no place. Null when no node can take it.</summary>
    public VirtualNode? Locate(GrainEntry entry, VirtualNode caller)
    {
        if (entry.Node is null)
        {
            var request = new PlacementRequest(entry.Class.Type, entry.Key, caller, Nodes, _livingSilos);
            if (_placement.Place(request) is { } node)
            {
                Settle(entry, node);
            }
        }
        return entry.Node;
    }

    /// <summary>A request for the grain is on the node: true when the grain is or may be activated there.</summary>
    public bool Claim(GrainEntry entry, VirtualNode node)
    {
        if (entry.Node is null)
        {
            Settle(entry, node);
        }
        return ReferenceEquals(entry.Node, node);
    }

    /// <summary>The activation of a grain that has a place.</summary>
    /// <param name="luggage">What the activation before has packed.</param>
    public Activation ActivationOf(GrainEntry entry, object? luggage = null)
    {
        if (entry.Activation is { } activation)
        {
            return activation;
        }
        activation = new Activation(entry, Activations);
        activation.Open(luggage);
        entry.Activation = activation;
        entry.Node!.ActivationCount++;
        ActivationCount++;
        Activated++;
        var loop = Activations.Loop;
        if (loop.SweepTime == VirtualTime.Never)
        {
            loop.SweepTime = VirtualTime.After(loop.Queue.Now, _idleAfter);
        }
        return activation;
    }

    /// <summary>Lets activations go that were idle for long enough.</summary>
    public void Sweep()
    {
        var loop = Activations.Loop;
        var next = VirtualTime.Never;
        foreach (var entry in _entries.Values)
        {
            if (entry.Activation is not { } activation)
            {
                continue;
            }
            var due = VirtualTime.After(activation.LastUsed, _idleAfter);
            if (!activation.IsIdle || due > loop.Queue.Now)
            {
                next = Math.Min(next, due);
                continue;
            }
            activation.Close();
            Release(entry);
        }
        // A quarter of the age apart at least, so that sweeping stays cheap however the ages are spread.
        loop.SweepTime = Math.Max(next, VirtualTime.After(loop.Queue.Now, Math.Max(1, _idleAfter / 4)));
    }

    /// <summary>Everything on the node is gone. The grains keep their place until <see cref="Forget"/>.</summary>
    public void Crash(VirtualNode node)
    {
        foreach (var entry in node.Entries)
        {
            Drop(entry);
        }
        RefreshSilos();
    }

    /// <summary>The grains that were placed on a node have no place any more.</summary>
    public void Forget(VirtualNode node)
    {
        while (node.Entries.Count > 0)
        {
            Release(node.Entries[^1]);
        }
    }

    public void RefreshSilos()
    {
        _livingSilos.Clear();
        _livingSilos.AddRange(AllNodes.Where(node => node.IsUp && node.Profile.Kind == NodeKind.Silo));
    }

    /// <summary>Up to <paramref name="most"/> activations that are in the middle of a request.</summary>
    public IEnumerable<string> Busy(int most) => _entries.Values
        .Where(entry => entry.Activation is { Running: > 0 }).Take(most).Select(entry => entry.ToString());

    /// <summary>
    /// Moves a grain to another node, with what it packs when it is <see cref="IMovable"/>; requests on their way are
    /// forwarded.
    /// </summary>
    /// <returns>False for a grain that is in the middle of something; it stays.</returns>
    public bool Migrate(GrainEntry entry, VirtualNode node)
    {
        var activation = entry.Activation;
        if (activation is { CanMove: false })
        {
            return false;
        }
        var luggage = activation?.Pack();
        activation?.Close();
        Release(entry);
        Settle(entry, node);
        if (luggage is not null)
        {
            ActivationOf(entry, luggage);
        }
        return true;
    }

    private GrainClass ClassFor(Type grainInterface)
    {
        var type = _classes.ClassOf(grainInterface);
        if (!_grainClasses.TryGetValue(type, out var grainClass))
        {
            grainClass = new GrainClass(type, Services);
            _grainClasses.Add(type, grainClass);
        }
        return grainClass;
    }

    private GrainEntry EntryOf(GrainClass grainClass, string key)
    {
        if (!_entries.TryGetValue((grainClass, key), out var entry))
        {
            entry = new GrainEntry(grainClass, key);
            _entries.Add((grainClass, key), entry);
        }
        return entry;
    }

    private void Settle(GrainEntry entry, VirtualNode node)
    {
        entry.Node = node;
        entry.Load = _placement.LoadOf(entry.Class.Type, entry.Key);
        node.PlacedLoad += entry.Load;
        entry.IndexOnNode = node.Entries.Count;
        node.Entries.Add(entry);
    }

    /// <summary>Takes a grain off its node; its next call places it anew.</summary>
    public void Release(GrainEntry entry)
    {
        Drop(entry);
        var entries = entry.Node!.Entries;
        var last = entries[^1];
        entries[entry.IndexOnNode] = last;
        last.IndexOnNode = entry.IndexOnNode;
        entries.RemoveAt(entries.Count - 1);
        entry.Node.PlacedLoad -= entry.Load;
        entry.Node = null;
    }

    private void Drop(GrainEntry entry)
    {
        if (entry.Activation is { } activation)
        {
            activation.IsDead = true;
            entry.Activation = null;
            entry.Node!.ActivationCount--;
            ActivationCount--;
        }
    }

    private sealed record InterfaceTable(GrainClass Class, MakeProxy Make)
    {
        public Dictionary<string, GrainProxy> Proxies { get; } = new(StringComparer.Ordinal);
    }
}
