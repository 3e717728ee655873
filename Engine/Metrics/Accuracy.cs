namespace Engine;

/// <summary>The fraction of rows whose largest logit is that of their class; see <see cref="Metrics.Accuracy"/>.</summary>
public sealed class Accuracy() : TopKAccuracy(1)
{
    /// <inheritdoc/>
    public override string Name => "accuracy";
}
