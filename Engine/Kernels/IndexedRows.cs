using System.Numerics;
using System.Numerics.Tensors;

namespace Engine.Kernels;

/// <summary>
/// Rows of [outer, extent, inner] that are chosen by indices along the middle axis, and their copies in [outer, count, inner]. An index
/// may occur several times; then the copies are added in their order.
/// </summary>
internal static class IndexedRows
{
    /// <summary>copies ← the chosen rows.</summary>
    public static void Read<T>(ReadOnlySpan<T> whole, int extent, int inner, ReadOnlySpan<int> indices, Span<T> copies)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int from = 0, to = 0; to < copies.Length; from += extent * inner)
        {
            foreach (int index in indices)
            {
                whole.Slice(from + index * inner, inner).CopyTo(copies[to..]);
                to += inner;
            }
        }
    }

    /// <summary>The chosen rows are increased by the copies.</summary>
    public static void Add<T>(Span<T> whole, int extent, int inner, ReadOnlySpan<int> indices, ReadOnlySpan<T> copies)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int to = 0, from = 0; from < copies.Length; to += extent * inner)
        {
            foreach (int index in indices)
            {
                Span<T> row = whole.Slice(to + index * inner, inner);
                TensorPrimitives.Add(row, copies.Slice(from, inner), row);
                from += inner;
            }
        }
    }
}
