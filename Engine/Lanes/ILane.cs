namespace Engine;

/// <summary>The operations of a formula: arithmetic, roots, elementary functions, comparison and selection.</summary>
/// <remarks>
/// A formula is a generic method over a lane, written once in the notation of its paper. The lane determines what it computes on: one
/// number, a SIMD register of numbers, a symbol that prints the formula, a tensor on the tape, or nothing at all, for a scalar that the
/// sweep reads instead of computing it.
/// </remarks>
/// <typeparam name="L">The lane itself.</typeparam>
public interface ILane<L> where L : ILane<L>
{
    /// <summary>The constant <paramref name="value"/> in every element of the lane, rounded to the lane's precision.</summary>
    static abstract implicit operator L(double value);

    /// <summary>a + b.</summary>
    static abstract L operator +(L a, L b);

    /// <summary>a − b.</summary>
    static abstract L operator -(L a, L b);

    /// <summary>a · b.</summary>
    static abstract L operator *(L a, L b);

    /// <summary>a / b.</summary>
    static abstract L operator /(L a, L b);

    /// <summary>−a.</summary>
    static abstract L operator -(L a);

    /// <summary>√x, correctly rounded; NaN below zero.</summary>
    static abstract L Sqrt(L x);

    /// <summary>|x|.</summary>
    static abstract L Abs(L x);

    /// <summary>1 where x &gt; 0, −1 where x &lt; 0, else x itself (a zero keeps its sign, NaN stays NaN).</summary>
    static abstract L Sign(L x);

    /// <summary>The larger of a and b, b if they are equal; NaN if either is NaN.</summary>
    static abstract L Max(L a, L b);

    /// <summary>The smaller of a and b, b if they are equal; NaN if either is NaN.</summary>
    static abstract L Min(L a, L b);

    /// <summary>eˣ.</summary>
    static abstract L Exp(L x);

    /// <summary>The natural logarithm of x; −∞ at zero and NaN below it.</summary>
    static abstract L Log(L x);

    /// <summary>The logarithm of x to the base 2; −∞ at zero and NaN below it. In lanes of numbers, that of 2ⁿ is n exactly.</summary>
    static virtual L Log2(L x) => L.Log(x) * 1.4426950408889634; // 1/ln 2

    /// <summary>tanh x, accurate near zero too.</summary>
    static abstract L Tanh(L x);

    /// <summary>eˣ − 1, accurate near zero too.</summary>
    static abstract L ExpM1(L x);

    /// <summary>ln(1 + x), accurate near zero too; −∞ at −1 and NaN below it.</summary>
    static abstract L LogP1(L x);

    /// <summary>sin x of an angle in radians, however large; NaN at ±∞.</summary>
    static abstract L Sin(L x);

    /// <summary>cos x of an angle in radians, however large; NaN at ±∞.</summary>
    static abstract L Cos(L x);

    /// <summary>arctan x, from −π/2 to π/2.</summary>
    static abstract L Atan(L x);

    /// <summary>The error function 2/√π·∫₀ˣ e^(−t²) dt, accurate near zero too.</summary>
    static abstract L Erf(L x);

    /// <summary>
    /// Φ(x), the probability that a standard normal variable is below x, and its density φ(x) = e^(−x²/2)/√(2π).
    /// </summary>
    /// <remarks>Lanes of numbers keep the digits of Φ far below 0, where this definition by the error function cancels.</remarks>
    static virtual L NormalDistribution(L x, out L density)
    {
        density = StandardNormal.OneOverRoot2Pi * L.Exp(-0.5 * x * x);
        return 0.5 * (1 + L.Erf(0.7071067811865476 * x)); // 1/√2
    }

    /// <summary>xʸ for x ≥ 0, and for x of any sign if y is an integer.</summary>
    static abstract L Pow(L x, L y);

    /// <summary><paramref name="then"/> where a &gt; b, else <paramref name="otherwise"/> (also where a or b is NaN).</summary>
    static abstract L WhereGreater(L a, L b, L then, L otherwise);
}

/// <summary>A lane of values that kernels load from memory and store to it.</summary>
/// <remarks>It also has the bit operations from which <see cref="Elementary"/> computes its functions.</remarks>
/// <typeparam name="L">The lane itself.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface ILane<L, T> : ILane<L>
    where L : unmanaged, ILane<L, T>
    where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
{
    /// <summary>The number of elements in a lane.</summary>
    static abstract int Count { get; }

    /// <summary>Loads <see cref="Count"/> elements.</summary>
    static abstract L Load(T* source);

    /// <summary>Loads <see cref="Count"/> floats and converts them to the lane's element type.</summary>
    static abstract L LoadSingles(float* source);

    /// <summary>Stores <see cref="Count"/> elements.</summary>
    static abstract void Store(L value, T* destination);

    /// <summary>Stores <see cref="Count"/> elements past the caches, to an address that is a multiple of the lane's size.</summary>
    static abstract void StoreNonTemporal(L value, T* destination);

    /// <summary><paramref name="value"/> in every element.</summary>
    static abstract L Broadcast(T value);

    /// <summary>a·b + c, rounded once, on every machine.</summary>
    static abstract L FusedMultiplyAdd(L a, L b, L c);

    /// <summary>Whether a &gt; b in any element.</summary>
    static abstract bool AnyGreater(L a, L b);

    /// <summary>2ⁿ for an integer n in the exponent range of normal numbers.</summary>
    static abstract L PowerOfTwo(L n);

    /// <summary>Selects a where a &gt; b, else b: also where a or b is NaN.</summary>
    static abstract L Larger(L a, L b);

    /// <summary>Selects a where a &lt; b, else b: also where a or b is NaN.</summary>
    static abstract L Smaller(L a, L b);

    /// <summary>x·2ⁿ, rounded once, for x around 1 and an integer n up to twice the exponent range of normal numbers.</summary>
    static abstract L Scale(L x, L n);

    /// <summary>The mantissa of a positive normal x, in [√½, √2), and the integer e with x = mantissa · 2ᵉ (as frexp).</summary>
    static abstract L Mantissa(L x, out L e);
}
