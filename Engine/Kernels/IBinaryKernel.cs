namespace Engine.Kernels;

/// <summary>
/// An operation on two numbers as loops: over two vectors, and over a vector and one number. y may be the memory of a or b.
/// </summary>
internal interface IBinaryKernel<T>
{
    void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y);

    void Run(ReadOnlySpan<T> a, T b, Span<T> y);

    void Run(T a, ReadOnlySpan<T> b, Span<T> y);
}
