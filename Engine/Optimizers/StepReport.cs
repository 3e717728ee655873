using System.Numerics;

namespace Engine;

/// <summary>What a step did.</summary>
public sealed class StepReport
{
    /// <summary>How many steps were taken so far.</summary>
    public long Steps { get; internal set; }

    /// <summary>How many steps were passed over because a gradient was not finite.</summary>
    public long NonFiniteSteps { get; internal set; }

    /// <summary>The learning rate of the first group in this step; of the others: <see cref="Group{T}.LearningRate"/>.</summary>
    public double LearningRate { get; internal set; }

    /// <summary>‖g‖₂ over all gradients before clipping; NaN where neither clipping nor the policy for non-finite gradients asked for it.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>The factor that clipping by norm put on the gradients; 1 where it did nothing, 0 where the step was passed over.</summary>
    public double ClipCoefficient { get; internal set; }

    /// <summary>‖Δθ‖/‖θ‖ over all parameters (10⁻³ is a usual size); NaN where <see cref="Optimizer{T}.MeasuresUpdates"/> is off.</summary>
    public double UpdateRatio { get; internal set; } = double.NaN;

    /// <summary>The names of the parameters that had no gradient and were passed over.</summary>
    public IReadOnlyList<string> SkippedParameters => Skipped;

    internal List<string> Skipped { get; } = [];

    internal void Begin<T>(List<Member<T>> members, double gradientNorm) where T : unmanaged, IFloatingPointIeee754<T>
    {
        GradientNorm = gradientNorm;
        Skipped.Clear();
        foreach (Member<T> member in members)
        {
            if (!member.Parameter.HasGradient)
            {
                Skipped.Add(member.Parameter.Name);
            }
        }
    }
}
