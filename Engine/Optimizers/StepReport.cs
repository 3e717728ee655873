using System.Numerics;

namespace Engine;

/// <summary>What a step did.</summary>
public sealed class StepReport
{
    /// <summary>The number of steps made so far.</summary>
    public long Steps { get; internal set; }

    /// <summary>The number of steps that were skipped because a gradient was not finite.</summary>
    public long NonFiniteSteps { get; internal set; }

    /// <summary>The learning rate of the first group in this step; <see cref="Group{T}.LearningRate"/> has those of the others.</summary>
    public double LearningRate { get; internal set; }

    /// <summary>
    /// ‖g‖₂ over all gradients before clipping; NaN where neither clipping nor the policy for non-finite gradients needs it.
    /// </summary>
    public double GradientNorm { get; private set; }

    /// <summary>
    /// The factor by which clipping by norm multiplied the gradients; 1 where it did nothing, 0 where the step was skipped.
    /// </summary>
    public double ClipCoefficient { get; internal set; }

    /// <summary>
    /// ‖Δθ‖/‖θ‖ over all parameters (10⁻³ is a usual size); NaN where <see cref="Optimizer{T}.MeasuresUpdates"/> is off.
    /// </summary>
    public double UpdateRatio { get; internal set; } = double.NaN;

    /// <summary>
    /// Whether a parameter has received a gradient since the last step. False where the backward pass was forgotten: then no parameter has
    /// a gradient, or, with <see cref="Optimizer{T}.KeepGradients"/>, all have those of the last step.
    /// </summary>
    public bool HasNewGradients { get; private set; }

    /// <summary>The names of the parameters that had no gradient and were skipped.</summary>
    public IReadOnlyList<string> SkippedParameters => Skipped;

    internal List<string> Skipped { get; } = [];

    internal void Begin<T>(List<ParameterEntry<T>> entries, double gradientNorm) where T : unmanaged, IFloatingPointIeee754<T>
    {
        GradientNorm = gradientNorm;
        HasNewGradients = false;
        Skipped.Clear();
        foreach (ParameterEntry<T> entry in entries)
        {
            if (!entry.Parameter.HasGradient)
            {
                Skipped.Add(entry.Parameter.Name);
            }
            HasNewGradients |= entry.GradientsSeen != entry.Parameter.GradientsReceived;
            entry.GradientsSeen = entry.Parameter.GradientsReceived;
        }
    }
}
