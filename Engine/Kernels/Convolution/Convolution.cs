using System.Numerics;

namespace Engine.Kernels;

/// <summary>The convolution of images and its gradients, as products of the weight with the unfolded input.</summary>
/// <remarks>
/// <para>
/// Within a group, with W of [outputs, taps], the unfolded input U of [taps, positions] and the output's gradient G of [outputs,
/// positions] of an image: Y = W·U, ∂loss/∂U = Wᵀ·G, ∂loss/∂W = Σ G·Uᵀ over the images. U is unfolded straight into the panels of
/// <see cref="MatrixProduct"/>, which packs a copy of its operands in any case (implicit GEMM: S. Chetlur et al.: cuDNN: efficient
/// primitives for deep learning, 2014); so it costs no memory and no pass of its own. The weight is packed once for all images.
/// </para>
/// <para>
/// Every sum has one order, which depends on the extents alone. Along the taps, the outputs or the positions of a product it is that of
/// <see cref="MatrixProduct"/>: fused multiply-adds in blocks of 256, whose sums are added in order.
/// </para>
/// </remarks>
internal static unsafe partial class Convolution
{
    /// <summary>Below this many multiplications, the hand-off to a second thread costs more than it saves.</summary>
    private const long ParallelThreshold = 160_000;

    /// <summary>Work is divided in multiples of this many columns, which is one of every panel's width.</summary>
    private const int Columns = 32;

    /// <summary>How many units of work one task takes: all of a small pass, else one.</summary>
    private static int UnitsPerTask(in ConvolutionShape shape, int units) => shape.Products < ParallelThreshold ? units : 1;

    /// <summary>How many units of packing one task takes: all of a small weight, else one.</summary>
    private static int PacksPerTask(in ConvolutionShape shape, int units) => shape.WeightLength < Kernel.ParallelThreshold ? units : 1;

    /// <summary>The blocks of k that a product's sum is divided into.</summary>
    internal static int Blocks(int k) => (k + MatrixProduct.Kc - 1) / MatrixProduct.Kc;

    /// <summary>How many parts to divide each of <paramref name="units"/> into, so that there is work for all threads.</summary>
    private static int PartsFor(int units) => (Workers.Count + units - 1) / units;

    private static int RoundUp(int count, int multiple) => (int)(((long)count + multiple - 1) / multiple * multiple);
}
