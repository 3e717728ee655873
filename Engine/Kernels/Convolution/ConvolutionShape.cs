namespace Engine.Kernels;

/// <summary>
/// The extents of a convolution: an input of [batch, channels, height, width] and a weight of [outputs, channels / groups, kernel height,
/// kernel width] give an output of [batch, outputs, output height, output width].
/// </summary>
/// <remarks>
/// Channels and outputs are divided into groups; the outputs of a group see its channels only. Within a group, the weight is a matrix of
/// [outputs, taps], the output of an image one of [outputs, positions].
/// </remarks>
internal readonly record struct ConvolutionShape(
    int Batch, int Channels, int Height, int Width, int Outputs, int Groups, SlidingWindow Window)
{
    public int OutputHeight { get; } = Window.Vertical.Outputs(Height);

    public int OutputWidth { get; } = Window.Horizontal.Outputs(Width);

    /// <summary>The channels that an output sees.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>The outputs of a group.</summary>
    public int GroupOutputs => Outputs / Groups;

    /// <summary>The elements of an input channel of an image.</summary>
    public int PlaneLength => Height * Width;

    /// <summary>The elements of an output channel of an image.</summary>
    public int Positions => OutputHeight * OutputWidth;

    /// <summary>The products that an output element is the sum of: its channels times the taps of the window.</summary>
    public int Taps => GroupChannels * Window.Taps;

    public int WeightLength => Outputs * Taps;

    /// <summary>Whether the unfolded input is the input itself: one tap, which visits every element.</summary>
    public bool IsPointwise => Window.Vertical == WindowAxis.One && Window.Horizontal == WindowAxis.One;

    /// <summary>The multiplications of a pass.</summary>
    public long Products => (long)Batch * Outputs * Positions * Taps;
}
