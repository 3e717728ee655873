using System.Numerics;
using System.Numerics.Tensors;

namespace Engine.Kernels;

/// <summary>Whole passes of <see cref="TensorPrimitives"/>, cut into blocks for the threads and so that none writes past the caches.</summary>
internal static class Blockwise
{
    /// <summary>a ← a + b.</summary>
    public static void Add<T>(Span<T> a, ReadOnlySpan<T> b) where T : unmanaged, IFloatingPointIeee754<T> =>
        Broadcasting.Zip<AddOperation<T>, T>(a, [a.Length], b, [b.Length], a, [a.Length]);
}

/// <summary>a + b.</summary>
internal readonly struct AddOperation<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Add(a, b, y);

    public static void Run(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Add(a, b, y);

    public static void Run(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Add(b, a, y);
}

/// <summary>a − b.</summary>
internal readonly struct SubtractOperation<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);

    public static void Run(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);

    public static void Run(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Subtract(a, b, y);
}

/// <summary>a · b.</summary>
internal readonly struct MultiplyOperation<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Multiply(a, b, y);

    public static void Run(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Multiply(a, b, y);

    public static void Run(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Multiply(b, a, y);
}

/// <summary>a / b.</summary>
internal readonly struct DivideOperation<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Divide(a, b, y);

    public static void Run(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Divide(a, b, y);

    public static void Run(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Divide(a, b, y);
}

/// <summary>−(a / b).</summary>
internal readonly struct NegatedQuotientOperation<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
    {
        TensorPrimitives.Divide(a, b, y);
        TensorPrimitives.Negate(y, y);
    }

    public static void Run(ReadOnlySpan<T> a, T b, Span<T> y) => TensorPrimitives.Divide(a, -b, y);

    public static void Run(T a, ReadOnlySpan<T> b, Span<T> y) => TensorPrimitives.Divide(-a, b, y);
}

/// <summary>a alone, stretched to the shape of b.</summary>
internal readonly struct StretchOperation<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Run(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) => a.CopyTo(y);

    public static void Run(ReadOnlySpan<T> a, T b, Span<T> y) => a.CopyTo(y);

    public static void Run(T a, ReadOnlySpan<T> b, Span<T> y) => y.Fill(a);
}
