using System.Numerics;
using System.Numerics.Tensors;

namespace Engine;

/// <summary>
/// One step of one parameter as an <see cref="ITensorRule"/> sees it. The object is the same in all steps of that parameter; its spans are
/// valid only during the step.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TensorStep<T> : RuleStep where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Scratch<T> _scratch;
    private readonly Scratch<double> _doubleScratch;
    private Buffer<T>? _scaled;
    private bool _isScaled;

    internal TensorStep(ParameterEntry<T> entry, string ruleName, Scratch<T> scratch, Scratch<double> doubleScratch) : base(ruleName)
    {
        Entry = entry;
        _scratch = scratch;
        _doubleScratch = doubleScratch;
    }

    /// <summary>The parameter's name.</summary>
    public string Name => Entry.Parameter.Name;

    /// <summary>The parameter's shape.</summary>
    public Shape Shape => Entry.Parameter.Shape;

    /// <summary>The extent of the first axis; 1 for a scalar.</summary>
    public int Rows => Shape.Rank == 0 ? 1 : Shape[0];

    /// <summary>The number of elements in each row: the product of all extents but the first.</summary>
    public int Columns => Shape.Rank == 0 ? 1 : Shape.ElementCount(1, Shape.Rank);

    /// <inheritdoc/>
    public override long Number => Entry.Updates + 1;

    /// <summary>
    /// The parameter's value θ, which the rule updates; decoupled decay has been applied, unless the rule applies it itself.
    /// </summary>
    public Span<T> Value => Entry.Parameter.ValueBuffer.Span;

    /// <summary>The gradient g after transforms, clipping, maximizing and L2 decay.</summary>
    public ReadOnlySpan<T> Gradient => _isScaled ? _scaled!.Span : Entry.Gradient.Span;

    /// <summary>The factor of decoupled decay on θ in this step: 1 − ηλ, 1 − λ, or 1.</summary>
    public double Decay { get; private set; } = 1;

    internal ParameterEntry<T> Entry { get; }

    internal bool IsUpdated => Entry.IsUpdated && Shape.Length > 0;

    /// <summary>A state array, which the rule updates.</summary>
    /// <param name="index">Its position in <see cref="ITensorRule.States"/>.</param>
    public Span<T> State(int index) => Entry.State[index].Span;

    /// <summary>Memory for intermediate values of this step; its elements are undefined.</summary>
    public Span<T> Scratch(int length) => _scratch.Take(length);

    /// <summary>Memory for intermediate values in double precision; its elements are undefined.</summary>
    public Span<double> DoubleScratch(int length) => _doubleScratch.Take(length);

    private protected override double Check(HyperparameterRange range, Hyperparameter value, string symbol, string name) =>
        range.Check<T>(RuleName, value, Number, symbol, name);

    /// <summary>Makes all scratch memory available again.</summary>
    internal void ResetScratch()
    {
        _scratch.Reset();
        _doubleScratch.Reset();
    }

    /// <summary>
    /// Applies to θ and g what comes before the rule, in the order of the sweep: the factor of clipping and maximizing, the bound, decay.
    /// </summary>
    internal void Begin(GradientScale scale, WeightDecay decay, Hyperparameter learningRate, bool ruleDecays = false)
    {
        ResetScratch();
        double λ = decay.Kind == WeightDecayKind.None ? 0 : Hyper(decay.Coefficient, "λ", name: nameof(WeightDecay));
        Decay = decay.Kind switch
        {
            WeightDecayKind.Decoupled => 1 - (Hyper(learningRate, "η", name: nameof(ITensorRule.LearningRate)) * λ),
            WeightDecayKind.Independent => 1 - λ,
            _ => 1,
        };
        _isScaled = scale != GradientScale.Identity || decay.Kind == WeightDecayKind.L2;
        if (_isScaled)
        {
            _scaled ??= new Buffer<T>(Shape.Length, clear: false);
            Span<T> g = _scaled.Span;
            TensorPrimitives.Multiply(Entry.Gradient.Span, T.CreateTruncating(scale.Factor), g);
            if (scale.IsClamped)
            {
                T bound = T.CreateTruncating(scale.Bound);
                TensorPrimitives.Max(g, -bound, g);
                TensorPrimitives.Min(g, bound, g);
            }
            if (decay.Kind == WeightDecayKind.L2)
            {
                Vectors.AddScaled(g, λ, Value);
            }
        }
        if (Decay != 1 && !ruleDecays)
        {
            Vectors.Scale(Value, Decay);
        }
    }
}
