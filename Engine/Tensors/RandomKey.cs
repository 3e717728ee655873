using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Randomness by coordinates: a key determines an endless sequence of random numbers, and number i of it is a function of the key and i
/// alone: it depends on no thread, call order or batch split, and is the same on every machine. Using a key does not change it; fold in a
/// purpose or a step to get the key of another, independent sequence: <c>RandomKey.FromSeed(42).Fold("dropout").Fold(step)</c>. The
/// generator is Philox4x32-10 (Salmon et al., 2011).
/// </summary>
public readonly record struct RandomKey
{
    // keep the keys made from numbers, the keys made from names, and the numbers themselves apart
    private const ulong NumberTag = 0x6A09E667F3BCC908, NameTag = 0xBB67AE8584CAA73B;

    private readonly ulong _key, _stream;

    internal RandomKey(ulong key, ulong stream)
    {
        _key = key;
        _stream = stream;
    }

    internal ulong Key => _key;

    internal ulong Stream => _stream;

    /// <summary>The key of a seed.</summary>
    public static RandomKey FromSeed(long seed) => new((ulong)seed, 0);

    /// <summary>The key for number <paramref name="number"/> of something: a step, a layer, an epoch.</summary>
    public RandomKey Fold(long number)
    {
        (ulong key, ulong stream) = Philox.Words((ulong)number, _stream, _key ^ NumberTag);
        return new(key, stream);
    }

    /// <summary>The key for a purpose.</summary>
    /// <exception cref="ArgumentNullException">The purpose is null.</exception>
    public RandomKey Fold(string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        ulong hash = Fnv1a.Empty;
        foreach (char c in purpose)
        {
            hash = Fnv1a.Add(hash, c); // by UTF-16 units
        }
        (ulong key, ulong stream) = Philox.Words(hash, _stream, _key ^ NameTag);
        return new(key, stream);
    }

    /// <summary>Number <paramref name="index"/> of the sequence of numbers uniform on [0, 1): a multiple of 2⁻⁵³.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public double Uniform(long index) => Sampling.HalfOpen(Bits(index));

    /// <summary>
    /// Number <paramref name="index"/> of the sequence of standard normal numbers, made from <see cref="Uniform(long)"/>'s bits by the
    /// inverse of the distribution function; |z| &lt; 8.3.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public double Normal(long index) => NormalQuantile.Of<Scalar<double>>(Sampling.Open(Bits(index))).Value;

    /// <summary>
    /// Fills with low + (high − low)·<see cref="Uniform(long)"/> of the indices from <paramref name="first"/> on, rounded to
    /// <typeparamref name="T"/> (which may round up to high).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A bound is not finite, in <typeparamref name="T"/> too, low is above high, or the first index is negative.
    /// </exception>
    public void FillUniform<T>(Span<T> values, double low = 0, double high = 1, long first = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        Distribution.Uniform(low, high, nameof(FillUniform)).ThrowUnlessFinite<T>(nameof(FillUniform));
        CheckNotNegative(first, nameof(FillUniform));
        Sampling.Uniform(values, low, high - low, _key, _stream, first);
    }

    /// <summary>
    /// Fills with mean + standardDeviation·<see cref="Normal(long)"/> of the indices from <paramref name="first"/> on, rounded to
    /// <typeparamref name="T"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A parameter is not finite, the standard deviation is negative, or the first index is; or a number may be too large for
    /// <typeparamref name="T"/>.
    /// </exception>
    public void FillNormal<T>(Span<T> values, double mean = 0, double standardDeviation = 1, long first = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        Distribution.Normal(mean, standardDeviation, nameof(FillNormal)).ThrowUnlessFinite<T>(nameof(FillNormal));
        CheckNotNegative(first, nameof(FillNormal));
        Sampling.Normal(values, mean, standardDeviation, _key, _stream, first);
    }

    /// <summary>A random permutation of the numbers 0 … count − 1; see <see cref="Permute"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public int[] Permutation(int count)
    {
        CheckNotNegative(count, nameof(Permutation));
        int[] order = new int[count];
        Permute(order);
        return order;
    }

    /// <summary>
    /// Fills with the numbers 0 … length − 1 in random order, every order equally likely (Fisher and Yates; the chance of a single choice
    /// is off by less than length·2⁻⁶⁴).
    /// </summary>
    public void Permute(Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            int j = (int)Math.BigMul(Bits(i), (ulong)i + 1, out _);
            order[i] = order[j];
            order[j] = i;
        }
    }

    private ulong Bits(long index)
    {
        CheckNotNegative(index, nameof(RandomKey));
        (ulong even, ulong odd) = Philox.Words((ulong)index / 2, _stream, _key);
        return index % 2 == 0 ? even : odd;
    }

    private static void CheckNotNegative(long number, string operation, [CallerArgumentExpression(nameof(number))] string? name = null)
    {
        if (number < 0)
        {
            throw new ArgumentOutOfRangeException(
                name, string.Create(CultureInfo.InvariantCulture, $"{operation}: got {name} = {number}, expected a non-negative number."));
        }
    }

    /// <summary>The key's 128 bits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_stream:x16}{_key:x16}");
}
