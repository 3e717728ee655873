namespace Engine;

/// <summary>What is done with a function whose type is not known.</summary>
internal interface IUnaryFunctionVisitor<TResult>
{
    TResult Visit<TFunction>(TFunction function) where TFunction : unmanaged, IUnaryFunction;
}
