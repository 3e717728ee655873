using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>One step of one parameter as an <see cref="ITensorRule"/> sees it. The object is the same in all steps of that parameter; its spans are good for the step alone.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TensorStep<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Member<T> _member;
    private readonly string _ruleName;
    private readonly Scratch<T> _scratch;
    private readonly Scratch<double> _wide;
    private Buffer<T>? _changed;
    private bool _isChanged;

    internal TensorStep(Member<T> member, string ruleName, Scratch<T> scratch, Scratch<double> wide)
    {
        _member = member;
        _ruleName = ruleName;
        _scratch = scratch;
        _wide = wide;
    }

    /// <summary>The parameter's name.</summary>
    public string Name => _member.Parameter.Name;

    /// <summary>The parameter's shape.</summary>
    public Shape Shape => _member.Parameter.Shape;

    /// <summary>The extent of the first axis, 1 for a scalar.</summary>
    public int Rows => Shape.Rank == 0 ? 1 : Shape[0];

    /// <summary>The elements in each row: the product of all extents but the first.</summary>
    public int Columns => Shape.Rank == 0 ? 1 : Shape.ElementCount(1, Shape.Rank);

    /// <summary>t: the number of this update of this parameter, from 1.</summary>
    public long Number => _member.Updates + 1;

    /// <summary>θ, to be changed; decoupled decay has been applied, unless the rule does that itself.</summary>
    public Span<T> Value => _member.Parameter.Value.Buffer.Span;

    /// <summary>g: the gradient after maximising, clipping and L2 decay.</summary>
    public ReadOnlySpan<T> Gradient => _isChanged ? _changed!.Span : _member.Parameter.GradientBuffer.Span;

    /// <summary>What decoupled decay multiplies θ by in this step: 1 − ηλ, 1 − λ, or 1.</summary>
    public double Decay { get; private set; } = 1;

    /// <summary>A state array, to be changed.</summary>
    /// <param name="index">Its place in <see cref="ITensorRule.State"/>.</param>
    public Span<T> State(int index) => _member.State[index].Span;

    /// <summary>Room for values that the step forgets; undefined at first.</summary>
    public Span<T> Scratch(int length) => _scratch.Take(length);

    /// <summary>The same in double precision, for matrix functions.</summary>
    public Span<double> ScratchInDouble(int length) => _wide.Take(length);

    /// <summary>A hyper-parameter's value at this step.</summary>
    /// <param name="value">The rule's property.</param>
    /// <param name="symbol">Its letter in the paper.</param>
    /// <param name="least">The smallest value that makes sense.</param>
    /// <param name="below">The value that it must stay below.</param>
    /// <param name="name">The property's name, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range; thrown before the step changes anything.</exception>
    public double Hyper(Hyperparameter value, string symbol, double least = 0, double below = double.PositiveInfinity, [CallerArgumentExpression(nameof(value))] string name = "") =>
        HyperparameterRange.Checked(_ruleName, value, Number, symbol, least, below, name);

    internal Member<T> Member => _member;

    /// <summary>Takes back all scratch memory.</summary>
    internal void Forget()
    {
        _scratch.Reset();
        _wide.Reset();
    }

    internal bool Moves => _member.Moves && _member.Parameter.Shape.Length > 0;

    /// <summary>Makes θ and g ready for the rule: the factor of clipping and maximising, the clamp, decay; in the order of the sweep.</summary>
    internal void Begin(double factor, double clamp, WeightDecay decay, Hyperparameter learningRate, bool decaysItself = false)
    {
        Forget();
        double λ = decay.Kind == WeightDecayKind.None ? 0 : Hyper(decay.Coefficient, "λ", name: nameof(decay.Coefficient));
        Decay = decay.Kind switch
        {
            WeightDecayKind.Decoupled => 1 - (Hyper(learningRate, "η", name: "LearningRate") * λ),
            WeightDecayKind.Independent => 1 - λ,
            _ => 1,
        };
        _isChanged = factor != 1 || clamp < double.PositiveInfinity || decay.Kind == WeightDecayKind.L2;
        if (_isChanged)
        {
            _changed ??= new Buffer<T>(Shape.Length, clear: false);
            Span<T> g = _changed.Span;
            TensorPrimitives.Multiply(_member.Parameter.GradientBuffer.Span, T.CreateTruncating(factor), g);
            if (clamp < double.PositiveInfinity)
            {
                T bound = T.CreateTruncating(clamp);
                TensorPrimitives.Max(g, -bound, g);
                TensorPrimitives.Min(g, bound, g);
            }
            if (decay.Kind == WeightDecayKind.L2)
            {
                Vectors.AddScaled(g, λ, Value);
            }
        }
        if (Decay != 1 && !decaysItself)
        {
            Vectors.Scale(Value, Decay);
        }
    }
}
