using System.Numerics;

namespace Engine.Kernels;

internal static unsafe partial class Convolution
{
    /// <summary>
    /// The parts of the batch whose gradients are computed on their own and added pairwise, at most: they define the order of summation.
    /// </summary>
    private const int MaxBatchParts = 16, MaxPartialGradients = 1 << 22;

    /// <summary>The taps that are packed at once: with 256 positions, 256 KB of floats in the L2 cache.</summary>
    private const int TapsPerBlock = 256;

    /// <summary>The parts of the batch: they depend on the extents alone.</summary>
    internal static int BatchParts(in ConvolutionShape shape) =>
        Math.Clamp(MaxPartialGradients / Math.Max(1, shape.WeightLength), 1, Math.Clamp(shape.Batch, 1, MaxBatchParts));

    /// <summary>The scratch elements that <see cref="WeightGradient"/> needs: the gradients of the parts of the batch.</summary>
    public static int WeightGradientScratch(in ConvolutionShape shape) =>
        BatchParts(shape) is var parts and > 1 ? parts * shape.WeightLength : 0;

    /// <summary>∂loss/∂W ← Σ G·Uᵀ over the images.</summary>
    /// <remarks>
    /// The batch is divided into up to 16 parts. In a part the sum over the positions of all images is one sum, as if the images were one
    /// beside the other; the sums of the parts are added pairwise, neighbors first.
    /// </remarks>
    /// <param name="shape">The extents.</param>
    /// <param name="x">[batch, channels, height, width].</param>
    /// <param name="g">[batch, outputs, output height, output width].</param>
    /// <param name="dw">[outputs, channels / groups, kernel height, kernel width].</param>
    /// <param name="scratch">As many elements as <see cref="WeightGradientScratch"/> says.</param>
    public static void WeightGradient<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> dw, Span<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (dw.IsEmpty || shape.Batch == 0)
        {
            dw.Clear();
            return;
        }
        int parts = BatchParts(shape), length = shape.WeightLength, units = shape.Groups * parts;
        int taps = RoundUp((shape.Taps - 1) / PartsFor(units) + 1, Columns);
        units *= (shape.Taps - 1) / taps + 1;
        fixed (T* px = x, pg = g, pd = dw, partial = scratch)
        {
            WeightGradientKernel<T> kernel = new(shape, px, pg, parts > 1 ? partial : pd, parts, taps);
            Kernel.Run<WeightGradientKernel<T>, T>(kernel, units, UnitsPerTask(shape, units));
            if (parts > 1)
            {
                ColumnSums.AddPairwise(partial, parts, length);
                scratch[..length].CopyTo(dw);
            }
        }
    }

    /// <summary>
    /// Computes units: up to <paramref name="tapsPerUnit"/> columns of the gradient of a group's weight, for one part of the batch.
    /// </summary>
    internal readonly struct WeightGradientKernel<T>(ConvolutionShape shape, T* x, T* g, T* dw, int parts, int tapsPerUnit) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int taps = Math.Min(TapsPerBlock, Math.Min(shape.Taps, tapsPerUnit)), width = MatrixProduct.PanelColumns<L, T>();
            nint lengthA = MatrixProduct.PackedLength(shape.GroupOutputs, MatrixProduct.PanelRows<L, T>(), MatrixProduct.Kc) + 15 & ~15;
            nint lengthB = MatrixProduct.PackedLength(taps, width, MatrixProduct.Kc) + 15 & ~15;
            T* panelsA = MatrixProduct.PanelMemory<T>(lengthA + lengthB + width * RowStride), panelsB = panelsA + lengthA;
            int tapParts = (shape.Taps - 1) / tapsPerUnit + 1;
            for (int unit = from; unit < to; unit++)
            {
                (int index, int tapPart) = Math.DivRem(unit, tapParts);
                (int group, int part) = Math.DivRem(index, parts);
                RunUnit<L>(group, part, tapPart * tapsPerUnit, panelsA, panelsB, panelsB + lengthB);
            }
        }

        /// <summary>The distance between unfolded rows: not a power of two, so that they do not share cache sets.</summary>
        private static int RowStride => MatrixProduct.Kc + 16;

        private void RunUnit<L>(int group, int part, int firstTap, T* panelsA, T* panelsB, T* rows)
            where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int image = (int)((long)part * shape.Batch / parts), images = (int)((part + 1L) * shape.Batch / parts) - image;
            int outputs = shape.GroupOutputs, end = Math.Min(shape.Taps, firstTap + tapsPerUnit), positions = images * shape.Positions;
            T* result = dw + ((nint)part * shape.Outputs + group * outputs) * shape.Taps;
            for (int position = 0; position < positions; position += MatrixProduct.Kc)
            {
                int kc = Math.Min(MatrixProduct.Kc, positions - position);
                PackGradient<L>(group, image, position, kc, panelsA);
                for (int tap = firstTap; tap < end; tap += TapsPerBlock)
                {
                    int count = Math.Min(TapsPerBlock, end - tap);
                    PackTaps<L>(group, image, position, kc, tap, count, panelsB, rows);
                    MatrixProduct.MultiplyPanels<L, T>(
                        panelsA, panelsB, result + tap, shape.Taps, outputs, count, kc, accumulate: position > 0);
                }
            }
        }

        /// <summary>
        /// Packs the output's gradient into panels of A. Positions are counted on from image <paramref name="image"/>, through the images.
        /// </summary>
        private void PackGradient<L>(int group, int image, int position, int kc, T* panels) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int width = MatrixProduct.PanelRows<L, T>(), step = MatrixProduct.PackedStride(width);
            for (int done = 0, count; done < kc; done += count)
            {
                T* gradient = g + Start(group, image, position + done, shape.GroupOutputs, shape.Positions, out int at);
                count = Math.Min(kc - done, shape.Positions - at);
                MatrixProduct.PackAlongK(
                    gradient + at, shape.Positions, shape.GroupOutputs, count, width, panels + done * step, (nint)step * kc);
            }
        }

        /// <summary>Packs rows of the unfolded input into panels of B, whose columns the taps are.</summary>
        private void PackTaps<L>(int group, int image, int position, int kc, int tap, int taps, T* panels, T* rows)
            where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int width = MatrixProduct.PanelColumns<L, T>(), step = MatrixProduct.PackedStride(width);
            for (int done = 0, count; done < kc; done += count)
            {
                T* planes = x + Start(group, image, position + done, shape.GroupChannels, shape.PlaneLength, out int at);
                count = Math.Min(kc - done, shape.Positions - at);
                T* target = panels + done * step;
                if (shape.IsPointwise)
                {
                    MatrixProduct.PackAlongK(
                        planes + (nint)tap * shape.PlaneLength + at, shape.PlaneLength, taps, count, width, target, (nint)step * kc);
                    continue;
                }
                UnfoldedRow<T> row = new(shape, planes, tap);
                (int top, int left) = Math.DivRem(at, shape.OutputWidth);
                for (int first = 0; first < taps; first += width, target += (nint)step * kc)
                {
                    int panelTaps = Math.Min(width, taps - first);
                    for (int i = 0; i < panelTaps; i++)
                    {
                        row.CopyTo<L>(rows + i * RowStride, top, left, count);
                        row.MoveNext();
                    }
                    MatrixProduct.PackAlongK(rows, RowStride, panelTaps, count, width, target, (nint)step * kc);
                }
            }
        }

        /// <summary>
        /// Where the planes of a group begin in the image that a position counted from <paramref name="image"/> lies in, and the position
        /// in that image.
        /// </summary>
        private nint Start(int group, int image, int position, int planes, int planeLength, out int at)
        {
            (int images, at) = Math.DivRem(position, shape.Positions);
            return ((nint)(image + images) * shape.Groups + group) * planes * planeLength;
        }
    }
}
