namespace Engine.Kernels;

/// <summary>What every kernel demands of its vectors before it touches one.</summary>
internal static class Guard
{
    /// <summary>All lengths must be the first.</summary>
    /// <exception cref="ArgumentException">One differs.</exception>
    public static void SameLength(int expected, params ReadOnlySpan<int> lengths)
    {
        foreach (int length in lengths)
        {
            if (length != expected)
            {
                throw new ArgumentException($"Got vectors of {expected} and {length} elements, expected equal lengths.");
            }
        }
    }
}
