using System.Runtime.InteropServices;

namespace OrleansEdge.Core.Games.Nonatomic;

/// <summary>
/// The quadratic model of Beckmann's objective over shifts of flow from each pair's main path to its other paths. A
/// shift is held as the links that it adds to and those that it takes from, which are far fewer than the links of the
/// two paths.
/// </summary>
internal sealed class ShiftSystem(int linkCount)
{
    private const int MaxIterations = 150;

    /// <summary>Conjugate gradients stop once the preconditioned residual is this small against the first.</summary>
    private const double ResidualReduction = 0.05;

    private readonly double[] _linkChanges = new double[linkCount];
    private readonly List<int> _links = [];
    private readonly List<Shift> _shifts = [];

    /// <summary>One unknown.</summary>
    /// <param name="Pair">Whose paths they are.</param>
    /// <param name="Path">The path that gains, a number among the pair's.</param>
    /// <param name="Added">
    /// Where the links that only this path has start; those that only the main path has follow.
    /// </param>
    /// <param name="Taken">Where the latter start.</param>
    /// <param name="End">Where they end.</param>
    /// <param name="Gain">c_main - c_path: what a unit of the shift saves.</param>
    /// <param name="Scale">The preconditioner: inverse curvature times a measure of the path's flow.</param>
    public readonly record struct Shift(int Pair, int Path, int Added, int Taken, int End, double Gain, double Scale);

    public IReadOnlyList<Shift> Shifts => _shifts;

    public void Clear()
    {
        _shifts.Clear();
        _links.Clear();
    }

    /// <summary>Adds an unknown unless the objective is flat along it.</summary>
    /// <param name="pair">Whose paths.</param>
    /// <param name="path">The path that gains.</param>
    /// <param name="added">Links that only it has.</param>
    /// <param name="taken">Links that only the main path has.</param>
    /// <param name="gain">What a unit saves.</param>
    /// <param name="curvature">Sum of t' over both.</param>
    /// <param name="weight">
    /// How much this path is to take part where many shifts would do the same: paths with little flow soon meet their
    /// bound.
    /// </param>
    public void Add(
        int pair, int path, ReadOnlySpan<int> added, ReadOnlySpan<int> taken, double gain, double curvature, double weight)
    {
        if (!(curvature > 0) || !double.IsFinite(curvature))
        {
            return;
        }
        var start = _links.Count;
        _links.AddRange(added);
        _links.AddRange(taken);
        _shifts.Add(new Shift(pair, path, start, start + added.Length, _links.Count, gain, weight / curvature));
    }

    /// <summary>[shifts] an approximate minimiser, by preconditioned conjugate gradients.</summary>
    /// <param name="derivatives">[links] t'</param>
    public double[] Minimize(ReadOnlySpan<double> derivatives)
    {
        var (solution, residual) = (new double[_shifts.Count], new double[_shifts.Count]);
        var (direction, image) = (new double[_shifts.Count], new double[_shifts.Count]);
        var norm = 0.0;
        for (var i = 0; i < residual.Length; i++)
        {
            residual[i] = _shifts[i].Gain;
            direction[i] = _shifts[i].Scale * residual[i];
            norm += residual[i] * direction[i];
        }
        var goal = norm * ResidualReduction * ResidualReduction;
        for (var iteration = 0; iteration < MaxIterations && norm > goal; iteration++)
        {
            var curvature = Multiply(derivatives, direction, image);
            if (!(curvature > 0))
            {
                break;
            }
            var step = norm / curvature;
            var next = 0.0;
            for (var i = 0; i < residual.Length; i++)
            {
                solution[i] += step * direction[i];
                residual[i] -= step * image[i];
                next += residual[i] * residual[i] * _shifts[i].Scale;
            }
            for (var i = 0; i < residual.Length; i++)
            {
                direction[i] = (_shifts[i].Scale * residual[i]) + (next / norm * direction[i]);
            }
            norm = next;
        }
        return solution;
    }

    /// <summary>The Hessian times a vector; returns the product with the vector again.</summary>
    private double Multiply(ReadOnlySpan<double> derivatives, double[] vector, double[] image)
    {
        var links = CollectionsMarshal.AsSpan(_links);
        var shifts = CollectionsMarshal.AsSpan(_shifts);
        Array.Clear(_linkChanges);
        for (var i = 0; i < shifts.Length; i++)
        {
            ref readonly var shift = ref shifts[i];
            foreach (var link in links[shift.Added..shift.Taken])
            {
                _linkChanges[link] += vector[i];
            }
            foreach (var link in links[shift.Taken..shift.End])
            {
                _linkChanges[link] -= vector[i];
            }
        }
        for (var link = 0; link < _linkChanges.Length; link++)
        {
            _linkChanges[link] *= _linkChanges[link] == 0 ? 0 : derivatives[link];
        }
        var product = 0.0;
        for (var i = 0; i < shifts.Length; i++)
        {
            ref readonly var shift = ref shifts[i];
            var sum = 0.0;
            foreach (var link in links[shift.Added..shift.Taken])
            {
                sum += _linkChanges[link];
            }
            foreach (var link in links[shift.Taken..shift.End])
            {
                sum -= _linkChanges[link];
            }
            image[i] = sum;
            product += vector[i] * sum;
        }
        return product;
    }
}
