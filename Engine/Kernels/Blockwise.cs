using System.Numerics;
using System.Numerics.Tensors;

namespace Engine.Kernels;

/// <summary>
/// Whole passes of <see cref="TensorPrimitives"/>, cut into blocks for the threads and so that none writes past the caches.
/// </summary>
internal static class Blockwise
{
    /// <summary>y ← a + b; y may be the memory of a or b.</summary>
    public static void Add<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T> =>
        Broadcasting.Zip<AddKernel<T>, T>(a, [a.Length], b, [b.Length], y, [y.Length]);
}

/// <summary>a + b.</summary>
internal readonly struct AddKernel<T> : IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Add(a, b, y);

    public void Run(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Add(a, b, y);

    public void Run(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Add(b, a, y);
}

/// <summary>a − b.</summary>
internal readonly struct SubtractKernel<T> : IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);

    public void Run(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);

    public void Run(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);
}

/// <summary>a · b.</summary>
internal readonly struct MultiplyKernel<T> : IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Multiply(a, b, y);

    public void Run(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Multiply(a, b, y);

    public void Run(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Multiply(b, a, y);
}

/// <summary>a / b.</summary>
internal readonly struct DivideKernel<T> : IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Divide(a, b, y);

    public void Run(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Divide(a, b, y);

    public void Run(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Divide(a, b, y);
}

/// <summary>a alone, broadcast to the shape of b.</summary>
internal readonly struct BroadcastKernel<T> : IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => a.CopyTo(y);

    public void Run(ReadOnlySpan<T> a, T b, Span<T> y) => a.CopyTo(y);

    public void Run(T a, ReadOnlySpan<T> b, Span<T> y) => y.Fill(a);
}
