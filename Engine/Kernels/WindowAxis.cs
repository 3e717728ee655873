namespace Engine.Kernels;

/// <summary>
/// How a window of taps slides along an axis: tap t of output position o is at the input position o·stride − padding + t·dilation, which
/// is in the padding if the input has no such position.
/// </summary>
internal readonly record struct WindowAxis(int Taps, int Stride, int Padding, int Dilation)
{
    /// <summary>The axis that is not there: one tap at each position.</summary>
    public static WindowAxis One => new(1, 1, 0, 1);

    /// <summary>The input positions from the first tap to the last.</summary>
    public long Extent => (Taps - 1L) * Dilation + 1;

    /// <summary>The output positions over an input that, padded, is at least as long as the window.</summary>
    public int Outputs(int inputs) => (int)((inputs + 2L * Padding - Extent) / Stride) + 1;

    /// <summary>The input position of a tap.</summary>
    public int Input(int output, int tap) => output * Stride - Padding + tap * Dilation;

    /// <summary>The first output position at which a tap is not before the input.</summary>
    public int First(int tap) => Positions(Padding - tap * Dilation);

    /// <summary>The first output position at which a tap is behind the input.</summary>
    public int End(int tap, int inputs) => Positions(inputs + Padding - tap * Dilation);

    /// <summary>The output positions it takes to cover a distance.</summary>
    private int Positions(int distance) => distance <= 0 ? 0 : Stride == 1 ? distance : (distance - 1) / Stride + 1;
}
