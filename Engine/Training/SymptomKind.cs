namespace Engine;

/// <summary>What a diagnosis can find.</summary>
public enum SymptomKind
{
    /// <summary>The loss grows, or is not finite: the learning rate is too high.</summary>
    Diverging,

    /// <summary>The loss hardly falls and the updates are tiny: the learning rate is too low.</summary>
    TooSlow,

    /// <summary>The gradients of the first layers are much smaller than those of the last.</summary>
    VanishingGradients,

    /// <summary>The gradients of the first layers are much larger than those of the last.</summary>
    ExplodingGradients,

    /// <summary>The validation loss rises while the training loss falls.</summary>
    Overfitting,
}
