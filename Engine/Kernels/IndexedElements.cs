using System.Numerics;

namespace Engine.Kernels;

/// <summary>
/// Elements of [outer, extent, inner] that are chosen along the middle axis by one index for each element of [outer, count, inner].
/// </summary>
internal static class IndexedElements
{
    /// <summary>copies ← the chosen elements.</summary>
    public static void Read<T>(ReadOnlySpan<T> whole, int extent, int inner, ReadOnlySpan<int> indices, Span<T> copies)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int block = CopiesBlock(whole.Length, extent, inner, indices.Length);
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = whole[(i / block * extent + indices[i]) * inner + i % inner];
        }
    }

    /// <summary>The chosen elements are increased by the copies, in their order.</summary>
    public static void Add<T>(Span<T> whole, int extent, int inner, ReadOnlySpan<int> indices, ReadOnlySpan<T> copies)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int block = CopiesBlock(whole.Length, extent, inner, indices.Length);
        for (int i = 0; i < copies.Length; i++)
        {
            whole[(i / block * extent + indices[i]) * inner + i % inner] += copies[i];
        }
    }

    /// <summary>count·inner.</summary>
    private static int CopiesBlock(int length, int extent, int inner, int copies) =>
        length == 0 ? 1 : copies / (length / (extent * inner));
}
