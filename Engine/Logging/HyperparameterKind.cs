namespace Engine;

/// <summary>What a logged hyperparameter is.</summary>
public enum HyperparameterKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>True or false.</summary>
    Boolean,
}
