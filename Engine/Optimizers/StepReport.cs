using System.Globalization;
using System.Numerics;
using System.Text;

namespace Engine;

/// <summary>What a step did; <see cref="Copy"/> keeps it, since the next step uses the same object.</summary>
public sealed class StepReport
{
    /// <summary>The number of steps made so far.</summary>
    public long Steps { get; internal set; }

    /// <summary>The number of steps that were skipped because a gradient was not finite.</summary>
    public long NonFiniteSteps { get; internal set; }

    /// <summary>The learning rate of the first group in this step; each group has its <see cref="Group{T}.LastLearningRate"/>.</summary>
    public double LearningRate { get; internal set; }

    /// <summary>
    /// ‖g‖ over all gradients after transforms and before clipping: ‖g‖₂, or the norm that the step clips by. NaN where neither clipping,
    /// nor the policy for non-finite gradients, nor a rule needs it.
    /// </summary>
    public double GradientNorm { get; private set; } = double.NaN;

    /// <summary>
    /// The factor by which clipping by norm multiplied the gradients, the smallest of them where parameters or units are clipped on their
    /// own; 1 where it did nothing, 0 where the step was skipped.
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

    internal List<string> Skipped { get; private set; } = [];

    /// <summary>A copy that later steps leave as it is.</summary>
    public StepReport Copy()
    {
        StepReport copy = (StepReport)MemberwiseClone();
        copy.Skipped = [.. Skipped];
        return copy;
    }

    /// <summary>One line: the number of steps and the learning rate, then what else there is to say.</summary>
    public override string ToString()
    {
        if (Steps == 0 && NonFiniteSteps == 0)
        {
            return "no step yet";
        }
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"step {Steps}: learning rate {LearningRate:G6}");
        if (!double.IsNaN(GradientNorm))
        {
            text.Append(CultureInfo.InvariantCulture, $", gradient norm {GradientNorm:G6}");
        }
        if (ClipCoefficient is > 0 and < 1)
        {
            text.Append(CultureInfo.InvariantCulture, $", clipped by {ClipCoefficient:G6}");
        }
        if (!double.IsNaN(UpdateRatio))
        {
            text.Append(CultureInfo.InvariantCulture, $", update ratio {UpdateRatio:G6}");
        }
        if (Skipped.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", no gradient for {string.Join(", ", Skipped)}");
        }
        if (NonFiniteSteps > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", {NonFiniteSteps} skipped for gradients that were not finite");
        }
        return text.ToString();
    }

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
