namespace Engine.Kernels;

/// <summary>Checks of the arguments of kernels.</summary>
internal static class Guard
{
    /// <summary>Throws unless all lengths are <paramref name="expected"/>.</summary>
    /// <exception cref="ArgumentException">A length differs.</exception>
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
