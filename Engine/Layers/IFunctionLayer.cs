namespace Engine;

/// <summary>A layer that applies a function of one number to each element, whose type is not known.</summary>
internal interface IFunctionLayer
{
    /// <summary>Calls the visitor with the function under its own type.</summary>
    TResult Accept<TResult>(IUnaryFunctionVisitor<TResult> visitor);
}
