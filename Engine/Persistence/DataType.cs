namespace Engine;

/// <summary>
/// The type of a tensor's elements in a file; in the order of safetensors, in which alignment does not decrease. The engine computes with
/// <see cref="Float32"/> and <see cref="Float64"/>; it converts from the other numbers on loading, except those narrower than a byte or of
/// eight bits and the complex ones, which it only lists and copies.
/// </summary>
public enum DataType
{
    /// <summary>One byte, true where it is not 0.</summary>
    Bool,

    /// <summary>A float of 4 bits, two in a byte.</summary>
    Float4,

    /// <summary>A float of 6 bits, with two of them for the exponent.</summary>
    Float6E2M3,

    /// <summary>A float of 6 bits, with three of them for the exponent.</summary>
    Float6E3M2,

    /// <summary>An unsigned byte.</summary>
    UInt8,

    /// <summary>A signed byte.</summary>
    Int8,

    /// <summary>A float of 8 bits, with five of them for the exponent.</summary>
    Float8E5M2,

    /// <summary>A float of 8 bits, with four of them for the exponent.</summary>
    Float8E4M3,

    /// <summary>A power of two: the exponent alone, in 8 bits.</summary>
    Float8E8M0,

    /// <summary>As <see cref="Float8E4M3"/>, without infinities and negative zero.</summary>
    Float8E4M3Fnuz,

    /// <summary>As <see cref="Float8E5M2"/>, without infinities and negative zero.</summary>
    Float8E5M2Fnuz,

    /// <summary>A signed whole number of 16 bits.</summary>
    Int16,

    /// <summary>An unsigned whole number of 16 bits.</summary>
    UInt16,

    /// <summary>IEEE 754's binary16, <see cref="Half"/>.</summary>
    Float16,

    /// <summary>The upper 16 bits of a <see cref="Float32"/>.</summary>
    BFloat16,

    /// <summary>A signed whole number of 32 bits.</summary>
    Int32,

    /// <summary>An unsigned whole number of 32 bits.</summary>
    UInt32,

    /// <summary>IEEE 754's binary32, <see cref="float"/>.</summary>
    Float32,

    /// <summary>A complex number of two <see cref="Float32"/>.</summary>
    Complex64,

    /// <summary>IEEE 754's binary64, <see cref="double"/>.</summary>
    Float64,

    /// <summary>A signed whole number of 64 bits.</summary>
    Int64,

    /// <summary>An unsigned whole number of 64 bits.</summary>
    UInt64,
}
