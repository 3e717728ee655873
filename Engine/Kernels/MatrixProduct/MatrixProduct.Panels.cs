using System.Numerics;

namespace Engine.Kernels;

// The product for callers that pack the operands themselves, because these are not stored as matrices.
internal static unsafe partial class MatrixProduct
{
    /// <summary>The rows mr of a panel of A.</summary>
    internal static int PanelRows<L, T>() where T : unmanaged, IFloatingPointIeee754<T> => RegisterRows<L, T>();

    /// <summary>The columns nr of a panel of B.</summary>
    internal static int PanelColumns<L, T>() where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> => 2 * L.Count;

    /// <summary>The elements of packed panels of <paramref name="width"/> rows of A, or columns of B.</summary>
    internal static nint PackedLength(int count, int width, int k) => (nint)DivideRoundingUp(count, width) * PackedStride(width) * k;

    /// <summary>At least <see cref="PackedLength"/> of rows of A, in every lane.</summary>
    internal static int MaxPackedLength(int rows, int k) => checked((rows + 11) / 6 * 8 * k);

    /// <summary>Memory of the calling thread, valid until its next product or request.</summary>
    internal static T* PanelMemory<T>(nint elements) where T : unmanaged => Buffer<T>(ref t_packed, elements);

    /// <summary>Packs rows of A, or columns of B, of a matrix in which k is the axis of unit stride.</summary>
    /// <param name="source">The first row's first element.</param>
    /// <param name="stride">The distance between rows.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="kc">The elements of each row to pack.</param>
    /// <param name="width">mr or nr.</param>
    /// <param name="target">Where the first panel's element of the first k goes.</param>
    /// <param name="panelLength">The distance between panels.</param>
    internal static void PackAlongK<T>(T* source, nint stride, int rows, int kc, int width, T* target, nint panelLength)
        where T : unmanaged
    {
        int step = PackedStride(width);
        for (; rows > 0; rows -= width, source += width * stride, target += panelLength)
        {
            if (rows < width)
            {
                new Span<T>(target, step * kc).Clear(); // what is missing only reaches sums that are discarded
            }
            Transpose(source, stride, Math.Min(width, rows), kc, target, step);
        }
    }

    /// <summary>Packs rows of A, or columns of B, of a matrix in which they have unit stride.</summary>
    /// <param name="source">The first row's element of the first k.</param>
    /// <param name="stride">The distance between consecutive k.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="kc">The elements of each row to pack.</param>
    /// <param name="width">mr or nr.</param>
    /// <param name="target">Where the panels go, one behind the other.</param>
    internal static void PackAcrossK<L, T>(T* source, int stride, int rows, int kc, int width, T* target)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Pack<L, T>(new(source, stride, unitRowStride: true), 0, rows, 0, kc, width, target);

    /// <summary>
    /// C = A·B, or C += A·B, of packed panels, m×n by a k of at most <see cref="Kc"/>, on the calling thread; rows of C are
    /// <paramref name="ldc"/> elements apart.
    /// </summary>
    internal static void MultiplyPanels<L, T>(T* a, T* b, T* c, int ldc, int m, int n, int kc, bool accumulate)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        MacroKernel<L, T> macroKernel = new()
        {
            C = c,
            N = ldc,
            PackedA = a,
            PackedB = b,
            PackB = true,
            Mr = PanelRows<L, T>(),
            Nr = PanelColumns<L, T>(),
            Rows = m,
            Columns = n,
            KLength = kc,
            Accumulate = accumulate,
        };
        macroKernel.Multiply();
    }
}
