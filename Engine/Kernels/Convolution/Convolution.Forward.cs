using System.Numerics;

namespace Engine.Kernels;

internal static unsafe partial class Convolution
{
    /// <summary>The positions that are packed at once: with 256 taps, 512 KB of floats in the L2 cache.</summary>
    private const int MaxForwardColumns = 512;

    /// <summary>The scratch elements that <see cref="Forward"/> needs: the packed weight.</summary>
    public static int ForwardScratch(in ConvolutionShape shape) =>
        checked(shape.Groups * MatrixProduct.MaxPackedLength(shape.GroupOutputs, shape.Taps));

    /// <summary>Y ← W·U + b.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="x">[batch, channels, height, width].</param>
    /// <param name="weight">[outputs, channels / groups, kernel height, kernel width].</param>
    /// <param name="bias">[outputs], or nothing.</param>
    /// <param name="y">[batch, outputs, output height, output width].</param>
    /// <param name="scratch">As many elements as <see cref="ForwardScratch"/> says.</param>
    public static void Forward<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> y, Span<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (y.IsEmpty)
        {
            return;
        }
        int groups = shape.Batch * shape.Groups, parts = Math.Max(PartsFor(groups), (shape.Positions - 1) / MaxForwardColumns + 1);
        int columns = RoundUp((shape.Positions - 1) / parts + 1, Columns), units = groups * ((shape.Positions - 1) / columns + 1);
        fixed (T* px = x, pw = weight, pb = bias, py = y, packed = scratch)
        {
            int packs = shape.Groups * Blocks(shape.Taps);
            Kernel.Run<PackWeightKernel<T>, T>(new(shape, pw, packed), packs, PacksPerTask(shape, packs));
            Kernel.Run<ForwardKernel<T>, T>(new(shape, px, packed, pb, py, columns), units, UnitsPerTask(shape, units));
        }
    }

    /// <summary>Packs units: a block of taps of the rows of a group's weight, into panels of A.</summary>
    internal readonly struct PackWeightKernel<T>(ConvolutionShape shape, T* weight, T* packed) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int outputs = shape.GroupOutputs, taps = shape.Taps, width = MatrixProduct.PanelRows<L, T>();
            nint length = MatrixProduct.PackedLength(outputs, width, 1);
            for (int unit = from; unit < to; unit++)
            {
                (int group, int block) = Math.DivRem(unit, Blocks(taps));
                int tap = block * MatrixProduct.Kc, kc = Math.Min(MatrixProduct.Kc, taps - tap);
                MatrixProduct.PackAlongK(
                    weight + (nint)group * outputs * taps + tap, taps, outputs, kc, width,
                    packed + ((nint)group * taps + tap) * length, (nint)MatrixProduct.PackedStride(width) * kc);
            }
        }
    }

    /// <summary>Computes units: the outputs of a group of an image at up to <paramref name="columns"/> positions.</summary>
    internal readonly struct ForwardKernel<T>(ConvolutionShape shape, T* x, T* packedWeight, T* bias, T* y, int columns) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int parts = (shape.Positions - 1) / columns + 1;
            T* panels = MatrixProduct.PanelMemory<T>(
                MatrixProduct.PackedLength(columns, MatrixProduct.PanelColumns<L, T>(), Math.Min(shape.Taps, MatrixProduct.Kc)));
            for (int unit = from; unit < to; unit++)
            {
                (int index, int part) = Math.DivRem(unit, parts);
                RunUnit<L>(index, part * columns, Math.Min(columns, shape.Positions - part * columns), panels);
            }
        }

        /// <param name="index">The number of the image and group.</param>
        /// <param name="position">The first position.</param>
        /// <param name="count">The number of positions.</param>
        /// <param name="panels">Memory for panels of B.</param>
        private void RunUnit<L>(int index, int position, int count, T* panels) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int outputs = shape.GroupOutputs, positions = shape.Positions, taps = shape.Taps, group = index % shape.Groups;
            nint length = MatrixProduct.PackedLength(outputs, MatrixProduct.PanelRows<L, T>(), 1);
            T* planes = x + (nint)index * shape.GroupChannels * shape.PlaneLength, weights = packedWeight + group * length * taps;
            T* result = y + (nint)index * outputs * positions + position;
            for (int i = 0; i < outputs && (bias != null || taps == 0); i++)
            {
                new Span<T>(result + (nint)i * positions, count).Fill(bias != null ? bias[group * outputs + i] : T.Zero);
            }
            for (int tap = 0; tap < taps; tap += MatrixProduct.Kc)
            {
                int kc = Math.Min(MatrixProduct.Kc, taps - tap);
                PackPositions<L, T>(shape, planes, tap, kc, position, count, panels);
                MatrixProduct.MultiplyPanels<L, T>(
                    weights + tap * length, panels, result, positions, outputs, count, kc, accumulate: bias != null || tap > 0);
            }
        }
    }

    /// <summary>Packs rows of the unfolded input at some positions into panels of B, whose columns the positions are.</summary>
    private static void PackPositions<L, T>(in ConvolutionShape shape, T* planes, int tap, int kc, int position, int count, T* panels)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        int width = MatrixProduct.PanelColumns<L, T>(), step = MatrixProduct.PackedStride(width);
        for (int start = 0; start < count; start += width)
        {
            int columns = Math.Min(width, count - start);
            if (columns < width)
            {
                new Span<T>(panels, step * kc).Clear(); // what is missing only reaches sums that are discarded
            }
            (int y, int x) = Math.DivRem(position + start, shape.OutputWidth);
            UnfoldedRow<T> row = new(shape, planes, tap);
            for (int k = 0; k < kc; k++, panels += step)
            {
                row.CopyTo<L>(panels, y, x, columns);
                row.MoveNext();
            }
        }
    }
}
