namespace Engine.Tests;

/// <summary>That a loop which has run before allocates nothing.</summary>
internal static class Warm
{
    /// <summary>
    /// Measures some windows of steps and wants one without a byte: what the runtime does once, when it compiles the loop anew for speed
    /// or wakes a thread, falls into one window; what a step allocates falls into all.
    /// </summary>
    public static void AllocatesNothing(Action step, int steps = 20)
    {
        List<long> windows = [];
        for (int window = 0; window < 5; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < steps; i++)
            {
                step();
            }
            windows.Add(GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.That(windows, Has.Some.Zero);
    }
}
