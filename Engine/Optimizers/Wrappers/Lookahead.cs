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
    /// <param name="every">k ≥ 1: after how many steps the slow weights follow.</param>
    /// <param name="blend">α in (0, 1]: how far.</param>
    /// <exception cref="ArgumentOutOfRangeException">k or α lies outside its range.</exception>
    public Lookahead(Optimizer<T> inner, int every = 5, double blend = 0.5)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        if (!(blend > 0 && blend <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(blend), blend, $"Lookahead: got blend (α) = {blend.ToString(System.Globalization.CultureInfo.InvariantCulture)}, expected a number above 0 and not above 1.");
        }
        Inner = inner;
        Every = every;
        Blend = blend;
        TakeUp();
    }

    /// <summary>The optimizer that goes ahead.</summary>
    public Optimizer<T> Inner { get; }

    /// <summary>k.</summary>
    public int Every { get; }

    /// <summary>α.</summary>
    public double Blend { get; }

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
        if (report.Steps == before || ++_ahead < Every)
        {
            return report;
        }
        _ahead = 0;
        foreach ((Parameter<T> parameter, Buffer<T> slow) in _slow)
        {
            Span<T> φ = slow.Span, θ = parameter.Value.Output;
            TensorPrimitives.Multiply(φ, T.CreateTruncating(1 - Blend), φ);
            Vectors.AddScaled<T>(φ, Blend, θ);
            φ.CopyTo(θ);
        }
        return report;
    }

    /// <summary>Slow weights for parameters that have come into the inner optimizer since.</summary>
    private void TakeUp()
    {
        for (int i = 0; i < Inner.Groups.Count; i++)
        {
            foreach (Member<T> member in Inner.Groups[i].Members)
            {
                if (!_slow.ContainsKey(member.Parameter))
                {
                    Buffer<T> slow = new(member.Parameter.Shape.Length, clear: false);
                    member.Parameter.Value.Span.CopyTo(slow.Span);
                    _slow.Add(member.Parameter, slow);
                }
            }
        }
    }
}
