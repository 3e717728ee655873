using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Zhang, Lucas, Hinton &amp; Ba, Lookahead Optimizer: k steps forward, 1 step back, 2019: another optimizer goes k steps ahead with θ, then the slow weights follow part of the way,
/// φ ← φ + α(θ − φ), and θ goes on from there. The inner optimizer keeps its state.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Lookahead<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<Parameter<T>, Buffer<T>> _slow = [];
    private int _ahead;

    /// <summary>Looks ahead with an optimizer; the slow weights begin where its parameters are now.</summary>
    /// <param name="inner">The optimizer that goes ahead; step this object instead of it.</param>
    /// <param name="syncPeriod">k ≥ 1: after how many steps the slow weights follow.</param>
    /// <param name="slowStepSize">α in (0, 1]: how far.</param>
    /// <exception cref="ArgumentOutOfRangeException">k or α lies outside its range.</exception>
    public Lookahead(Optimizer<T> inner, int syncPeriod = 5, double slowStepSize = 0.5)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfLessThan(syncPeriod, 1);
        if (!(slowStepSize > 0 && slowStepSize <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(slowStepSize), slowStepSize, $"Lookahead: got slowStepSize (α) = {slowStepSize.ToString(System.Globalization.CultureInfo.InvariantCulture)}, expected a number above 0 and not above 1.");
        }
        Inner = inner;
        SyncPeriod = syncPeriod;
        SlowStepSize = slowStepSize;
        TakeUp();
    }

    /// <summary>The optimizer that goes ahead.</summary>
    public Optimizer<T> Inner { get; }

    /// <summary>k.</summary>
    public int SyncPeriod { get; }

    /// <summary>α.</summary>
    public double SlowStepSize { get; }

    /// <summary>φ of a parameter: a copy.</summary>
    /// <exception cref="ArgumentException">The parameter is not in the inner optimizer.</exception>
    public Tensor<T> Slow(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return _slow.TryGetValue(parameter, out Buffer<T>? slow)
            ? Tensor<T>.From(slow.Span, parameter.Shape)
            : throw new ArgumentException($"Lookahead: the parameter '{parameter.Name}' is not in the inner optimizer.", nameof(parameter));
    }

    /// <summary>A step of the inner optimizer, and after every k-th the slow weights follow. A step that was passed over does not count.</summary>
    /// <returns>What the inner step did.</returns>
    public StepReport Step()
    {
        TakeUp();
        long before = Inner.Report.Steps;
        StepReport report = Inner.Step();
        if (report.Steps == before || ++_ahead < SyncPeriod)
        {
            return report;
        }
        _ahead = 0;
        foreach ((Parameter<T> parameter, Buffer<T> slow) in _slow)
        {
            Span<T> φ = slow.Span, θ = parameter.Value.Output;
            TensorPrimitives.Multiply(φ, T.CreateTruncating(1 - SlowStepSize), φ);
            Vectors.AddScaled<T>(φ, SlowStepSize, θ);
            φ.CopyTo(θ);
        }
        return report;
    }

    /// <summary>Slow weights for parameters that have come into the inner optimizer since.</summary>
    private void TakeUp()
    {
        for (int i = 0; i < Inner.Groups.Count; i++)
        {
            foreach (ParameterEntry<T> entry in Inner.Groups[i].Entries)
            {
                if (!_slow.ContainsKey(entry.Parameter))
                {
                    Buffer<T> slow = new(entry.Parameter.Shape.Length, clear: false);
                    entry.Parameter.Value.Span.CopyTo(slow.Span);
                    _slow.Add(entry.Parameter, slow);
                }
            }
        }
    }
}
