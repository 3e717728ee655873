using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

/// <summary>Philox4x32-10, a counter-based random generator.</summary>
/// <remarks>
/// Four random 32-bit words are a function of a 128-bit counter and a 64-bit key, so that any of them can be computed on its own (J. K.
/// Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw: Parallel random numbers: as easy as 1, 2, 3, SC 2011).
/// </remarks>
internal static unsafe class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>
    /// The four words at counter <paramref name="index"/> + 2⁶⁴·<paramref name="stream"/>, two to a result with the first in its lower
    /// half.
    /// </summary>
    public static (ulong First, ulong Second) Words(ulong index, ulong stream, ulong key)
    {
        uint x0 = (uint)index, x1 = (uint)(index >> 32), x2 = (uint)stream, x3 = (uint)(stream >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * x0, p1 = (ulong)Multiplier1 * x2;
            x0 = (uint)(p1 >> 32) ^ x1 ^ k0;
            x1 = (uint)p1;
            x2 = (uint)(p0 >> 32) ^ x3 ^ k1;
            x3 = (uint)p0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return (x0 | ((ulong)x1 << 32), x2 | ((ulong)x3 << 32));
    }

    /// <summary>
    /// Fills <paramref name="words"/>, two elements per counter, with the words of consecutive counters starting at
    /// <paramref name="index"/>.
    /// </summary>
    public static void Fill(ulong* words, int counters, ulong index, ulong stream, ulong key)
    {
        int counter = 0;
        if (Avx2.IsSupported)
        {
            for (; counter <= counters - 4; counter += 4)
            {
                FillFour(words + 2 * counter, index + (ulong)counter, stream, key);
            }
        }
        for (; counter < counters; counter++)
        {
            (words[2 * counter], words[2 * counter + 1]) = Words(index + (ulong)counter, stream, key);
        }
    }

    /// <summary>The words of four counters at once, one in each 64-bit element.</summary>
    /// <remarks>The upper half of an element keeps part of a product, which no later product uses; it is masked off at the end.</remarks>
    private static void FillFour(ulong* words, ulong index, ulong stream, ulong key)
    {
        // the order 0, 2, 1, 3 becomes 0, 1, 2, 3 when the results are unpacked
        Vector256<ulong> x0 = Vector256.Create(index) + Vector256.Create(0UL, 2, 1, 3), x1 = x0 >>> 32;
        Vector256<ulong> x2 = Vector256.Create(stream & uint.MaxValue), x3 = Vector256.Create(stream >> 32);
        Vector256<uint> multiplier0 = Vector256.Create(Multiplier0), multiplier1 = Vector256.Create(Multiplier1);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector256<ulong> p0 = Avx2.Multiply(x0.AsUInt32(), multiplier0), p1 = Avx2.Multiply(x2.AsUInt32(), multiplier1);
            x0 = (p1 >>> 32) ^ x1 ^ Vector256.Create((ulong)k0);
            x1 = p1;
            x2 = (p0 >>> 32) ^ x3 ^ Vector256.Create((ulong)k1);
            x3 = p0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        Vector256<ulong> low = Vector256.Create((ulong)uint.MaxValue), first = (x0 & low) | (x1 << 32), second = (x2 & low) | (x3 << 32);
        Avx2.UnpackLow(first, second).Store(words);
        Avx2.UnpackHigh(first, second).Store(words + 4);
    }
}
