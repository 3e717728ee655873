using System.Numerics;

namespace Engine.Kernels;

internal static unsafe partial class Convolution
{
    /// <summary>
    /// The elements of ∂loss/∂U that are computed before they are added to the input's gradient: few enough for the L2 cache.
    /// </summary>
    private const int MaxUnfoldedGradient = 1 << 17;

    /// <summary>The parts that the channels of an image are divided into at most, where there are fewer images than threads.</summary>
    private const int MaxChannelParts = 8;

    /// <summary>The scratch elements that <see cref="InputGradient"/> needs: the packed weight.</summary>
    public static int InputGradientScratch(in ConvolutionShape shape)
    {
        // each part rounds its rows up to whole panels
        int parts = Math.Min(MaxChannelParts, shape.GroupChannels), rows = checked((shape.GroupChannels + parts) * shape.Window.Taps);
        return checked(shape.Groups * (MatrixProduct.MaxPackedLength(rows, shape.GroupOutputs)
            + parts * MatrixProduct.MaxPackedLength(1, shape.GroupOutputs)));
    }

    /// <summary>∂loss/∂U ← Wᵀ·G, and ∂loss/∂x ← the sums of what in ∂loss/∂U belongs to the same input element.</summary>
    /// <remarks>
    /// The positions are divided into blocks, as many as their number and that of the taps determine. An element's terms are added block
    /// by block, in a block tap by tap.
    /// </remarks>
    /// <param name="shape">The extents.</param>
    /// <param name="weight">[outputs, channels / groups, kernel height, kernel width].</param>
    /// <param name="g">[batch, outputs, output height, output width].</param>
    /// <param name="dx">[batch, channels, height, width].</param>
    /// <param name="scratch">As many elements as <see cref="InputGradientScratch"/> says.</param>
    public static void InputGradient<T>(
        in ConvolutionShape shape, ReadOnlySpan<T> weight, ReadOnlySpan<T> g, Span<T> dx, Span<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (dx.IsEmpty || shape.Outputs == 0)
        {
            dx.Clear();
            return;
        }
        int groups = shape.Batch * shape.Groups, parts = Math.Min(PartsFor(groups), Math.Min(MaxChannelParts, shape.GroupChannels));
        fixed (T* pw = weight, pg = g, pd = dx, packed = scratch)
        {
            int packs = shape.Groups * parts * Blocks(shape.GroupOutputs);
            Kernel.Run<PackTransposedWeightKernel<T>, T>(new(shape, pw, packed, parts), packs, PacksPerTask(shape, packs));
            int units = groups * parts;
            Kernel.Run<InputGradientKernel<T>, T>(new(shape, packed, pg, pd, parts), units, UnitsPerTask(shape, units));
        }
    }

    /// <summary>The first channel of a part of a group's channels.</summary>
    private static int FirstChannel(in ConvolutionShape shape, int part, int parts) => (int)((long)part * shape.GroupChannels / parts);

    /// <summary>The elements between the packed weights of two parts of the channels, for each output.</summary>
    private static nint PartLength<L, T>(in ConvolutionShape shape, int parts)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        MatrixProduct.PackedLength(
            ((shape.GroupChannels - 1) / parts + 1) * shape.Window.Taps, MatrixProduct.PanelRows<L, T>(), 1);

    /// <summary>Packs units: a block of outputs of the rows of Wᵀ for a part of a group's channels, into panels of A.</summary>
    internal readonly struct PackTransposedWeightKernel<T>(ConvolutionShape shape, T* weight, T* packed, int parts) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int outputs = shape.GroupOutputs, width = MatrixProduct.PanelRows<L, T>();
            nint partLength = PartLength<L, T>(shape, parts);
            for (int unit = from; unit < to; unit++)
            {
                (int index, int block) = Math.DivRem(unit, Blocks(outputs));
                (int group, int part) = Math.DivRem(index, parts);
                int output = block * MatrixProduct.Kc, first = FirstChannel(shape, part, parts) * shape.Window.Taps;
                int rows = FirstChannel(shape, part + 1, parts) * shape.Window.Taps - first;
                nint length = MatrixProduct.PackedLength(rows, width, 1);
                MatrixProduct.PackAcrossK<L, T>(
                    weight + ((nint)group * outputs + output) * shape.Taps + first, shape.Taps, rows,
                    Math.Min(MatrixProduct.Kc, outputs - output), width, packed + index * partLength * outputs + output * length);
            }
        }
    }

    /// <summary>Computes units: a part of the channels of a group of an image.</summary>
    internal readonly struct InputGradientKernel<T>(ConvolutionShape shape, T* packedWeight, T* g, T* dx, int parts) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int columns = Math.Clamp(MaxUnfoldedGradient / shape.Taps / Columns * Columns, Columns, MaxForwardColumns);
            columns = Math.Min(columns, RoundUp(shape.Positions, Columns));
            nint length = MatrixProduct.PackedLength(
                columns, MatrixProduct.PanelColumns<L, T>(), Math.Min(shape.GroupOutputs, MatrixProduct.Kc)) + 15 & ~15;
            int rows = ((shape.GroupChannels - 1) / parts + 1) * shape.Window.Taps;
            T* panels = MatrixProduct.PanelMemory<T>(length + (shape.IsPointwise ? 0 : (nint)rows * columns));
            for (int unit = from; unit < to; unit++)
            {
                RunUnit<L>(unit, columns, panels, panels + length);
            }
        }

        private void RunUnit<L>(int unit, int columns, T* panels, T* unfolded) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            (int index, int part) = Math.DivRem(unit, parts);
            int outputs = shape.GroupOutputs, positions = shape.Positions, first = FirstChannel(shape, part, parts);
            int channels = FirstChannel(shape, part + 1, parts) - first, rows = channels * shape.Window.Taps;
            T* weights = packedWeight + (index % shape.Groups * parts + part) * PartLength<L, T>(shape, parts) * outputs;
            T* gradient = g + (nint)index * outputs * positions;
            T* planes = dx + ((nint)index * shape.GroupChannels + first) * shape.PlaneLength;
            if (!shape.IsPointwise)
            {
                new Span<T>(planes, channels * shape.PlaneLength).Clear();
            }
            for (int position = 0; position < positions; position += columns)
            {
                int count = Math.Min(columns, positions - position);
                if (shape.IsPointwise)
                {
                    Multiply<L>(weights, gradient + position, rows, count, panels, planes + position, positions);
                }
                else
                {
                    Multiply<L>(weights, gradient + position, rows, count, panels, unfolded, count);
                    Fold<L>(unfolded, planes, rows, position, count);
                }
            }
        }

        /// <summary>Wᵀ·G of one block of positions.</summary>
        private void Multiply<L>(T* weights, T* gradient, int rows, int count, T* panels, T* products, int ldc)
            where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int outputs = shape.GroupOutputs, positions = shape.Positions;
            nint length = MatrixProduct.PackedLength(rows, MatrixProduct.PanelRows<L, T>(), 1);
            for (int output = 0; output < outputs; output += MatrixProduct.Kc)
            {
                int kc = Math.Min(MatrixProduct.Kc, outputs - output);
                MatrixProduct.PackAcrossK<L, T>(
                    gradient + (nint)output * positions, positions, count, kc, MatrixProduct.PanelColumns<L, T>(), panels);
                MatrixProduct.MultiplyPanels<L, T>(
                    weights + output * length, panels, products, ldc, rows, count, kc, accumulate: output > 0);
            }
        }

        /// <summary>Adds the unfolded gradient of one block of positions to the input's (col2im).</summary>
        private void Fold<L>(T* unfolded, T* planes, int rows, int position, int count) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            (int y, int x) = Math.DivRem(position, shape.OutputWidth);
            UnfoldedRow<T> row = new(shape, planes, 0);
            for (int tap = 0; tap < rows; tap++, unfolded += count)
            {
                row.AddBack<L>(unfolded, y, x, count);
                row.MoveNext();
            }
        }
    }
}
