namespace Engine;

/// <summary>The hash FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/).</summary>
internal static class Fnv1a
{
    /// <summary>The hash of nothing.</summary>
    public const ulong Empty = 14695981039346656037;

    /// <summary>The hash with one more unit: a byte, as published, or a larger one.</summary>
    public static ulong Add(ulong hash, uint unit) => unchecked((hash ^ unit) * 1099511628211);
}
