using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>A parameter in an optimizer: its update count, its state, and where they are in memory.</summary>
internal sealed class ParameterEntry<T>(Parameter<T> parameter) where T : unmanaged, IFloatingPointIeee754<T>
{
    private Buffer<T>? _copy;

    public Parameter<T> Parameter { get; } = parameter;

    /// <summary>The number of updates made.</summary>
    public long Updates { get; set; }

    /// <summary>The state arrays; empty before the first step.</summary>
    public Buffer<T>[] State { get; set; } = [];

    /// <summary>The numbers kept beside the arrays.</summary>
    public double[] Scalars { get; set; } = [];

    /// <summary>The same after the coming step.</summary>
    public double[] NextScalars { get; set; } = [];

    /// <summary>‖g‖₂² of <see cref="Gradient"/> in the coming step, where it was computed.</summary>
    public double SquaredNorm { get; set; }

    /// <summary>‖g‖₂ of <see cref="Gradient"/> in the coming step, where its square was computed.</summary>
    public double GradientNorm => ExtremeSquares.IsExact(SquaredNorm) ? Math.Sqrt(SquaredNorm) : Vectors.Norm<T>(Gradient.Span);

    /// <summary>The gradient that the step reads: the parameter's own, or a copy that transforms have changed.</summary>
    public Buffer<T> Gradient => HasCopy ? _copy! : Parameter.GradientBuffer;

    /// <summary>Whether the step reads a copy of the gradient.</summary>
    public bool HasCopy { get; private set; }

    /// <summary>What happens to the gradient on its way into the rule.</summary>
    public GradientScale Scale { get; set; } = GradientScale.Identity;

    /// <summary>Whether the current step updates the parameter: it has a gradient.</summary>
    public bool IsUpdated { get; set; }

    /// <summary>The value before the step, where updates are measured.</summary>
    public Buffer<T>? ValueBefore { get; set; }

    /// <summary>The memory that the sweep reads and writes.</summary>
    public SweepOperands<T> Operands;

    /// <summary>Whether the state has been initialized.</summary>
    public bool HasState { get; private set; }

    /// <summary>Whether the state was initialized for a step that has not been made yet.</summary>
    public bool IsStaged { get; set; }

    /// <summary>The number of gradients that the parameter had received by the last step.</summary>
    public long GradientsSeen { get; set; }

    /// <summary>Makes the step read a copy of the gradient, which may be changed; its elements are undefined the first time.</summary>
    public Span<T> UseCopy()
    {
        _copy ??= new Buffer<T>(Parameter.Shape.Length, clear: false);
        HasCopy = true;
        return _copy.Span;
    }

    /// <summary>Makes the step read the parameter's own gradient.</summary>
    public void DropCopy() => HasCopy = false;

    /// <summary>State arrays with their values before the first step.</summary>
    public Buffer<T>[] InitialArrays(IReadOnlyList<StateArray> arrays)
    {
        Buffer<T>[] state = new Buffer<T>[arrays.Count];
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = new Buffer<T>(arrays[i].Shape.Length, clear: true);
            if (arrays[i].Initial.IsParameter)
            {
                Parameter.ValueBuffer.Span.CopyTo(state[i].Span);
            }
            else if (arrays[i].Initial.Value != 0)
            {
                state[i].Span.Fill(T.CreateTruncating(arrays[i].Initial.Value));
            }
        }
        return state;
    }

    /// <summary>Replaces the state.</summary>
    public void SetState(Buffer<T>[] arrays, double[] scalars)
    {
        State = arrays;
        Scalars = scalars;
        NextScalars = new double[scalars.Length];
        HasState = true;
    }

    /// <summary>Forgets the state, as before the first step.</summary>
    public void Reset()
    {
        Updates = 0;
        HasState = IsStaged = false;
        State = [];
        Scalars = [];
        NextScalars = [];
        Operands = default;
    }
}
