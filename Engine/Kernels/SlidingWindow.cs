namespace Engine.Kernels;

/// <summary>How a window slides over an image.</summary>
internal readonly record struct SlidingWindow(WindowAxis Vertical, WindowAxis Horizontal)
{
    /// <summary>The taps of the window.</summary>
    public int Taps => Vertical.Taps * Horizontal.Taps;
}
