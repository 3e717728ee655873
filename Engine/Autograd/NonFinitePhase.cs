namespace Engine;

/// <summary>Where a number that is not finite appeared.</summary>
public enum NonFinitePhase
{
    /// <summary>In the result of an operation.</summary>
    Forward,

    /// <summary>In the gradient of an operation's input.</summary>
    Backward,

    /// <summary>In a parameter, by an optimizer's step.</summary>
    Update,
}
