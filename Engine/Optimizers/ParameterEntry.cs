using System.Numerics;

namespace Engine;

/// <summary>A parameter in an optimizer: its update count, its state, and where they are in memory.</summary>
internal sealed class ParameterEntry<T>(Parameter<T> parameter) where T : unmanaged, IFloatingPointIeee754<T>
{
    public Parameter<T> Parameter { get; } = parameter;

    /// <summary>The number of updates made.</summary>
    public long Updates { get; set; }

    /// <summary>The state arrays; empty before the first step.</summary>
    public Buffer<T>[] State { get; set; } = [];

    /// <summary>The numbers kept beside the arrays.</summary>
    public double[] Scalars { get; set; } = [];

    /// <summary>The same after the coming step.</summary>
    public double[] NextScalars { get; set; } = [];

    /// <summary>‖g‖₂² of the coming step, where it was computed.</summary>
    public double SquaredNorm { get; set; }

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

    /// <summary>State arrays with their values before the first step.</summary>
    public Buffer<T>[] InitialArrays(IReadOnlyList<StateArray> arrays)
    {
        Buffer<T>[] state = new Buffer<T>[arrays.Count];
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = new Buffer<T>(arrays[i].Shape.Length, clear: true);
            if (arrays[i].Initial.IsParameter)
            {
                Parameter.Value.Span.CopyTo(state[i].Span);
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
