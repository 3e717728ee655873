namespace Engine;

/// <summary>What is known of the types of elements.</summary>
internal static class DataTypes
{
    extension(DataType type)
    {
        /// <summary>The bits of one element.</summary>
        public int Bits => type switch
        {
            DataType.Float4 => 4,
            DataType.Float6E2M3 or DataType.Float6E3M2 => 6,
            DataType.Bool or (>= DataType.UInt8 and <= DataType.Float8E5M2Fnuz) => 8,
            >= DataType.Int16 and <= DataType.BFloat16 => 16,
            >= DataType.Int32 and <= DataType.Float32 => 32,
            _ => 64,
        };

        /// <summary>Whether the elements are numbers that convert to float and double.</summary>
        public bool IsNumber => type is DataType.Bool or DataType.UInt8 or DataType.Int8
            or (>= DataType.Int16 and <= DataType.UInt64 and not DataType.Complex64);
    }

    /// <summary>The type in files of a type in C#.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static DataType Of<TElement>() where TElement : unmanaged =>
        typeof(TElement) == typeof(float) ? DataType.Float32
        : typeof(TElement) == typeof(double) ? DataType.Float64
        : typeof(TElement) == typeof(Half) ? DataType.Float16
        : typeof(TElement) == typeof(bool) ? DataType.Bool
        : typeof(TElement) == typeof(sbyte) ? DataType.Int8
        : typeof(TElement) == typeof(byte) ? DataType.UInt8
        : typeof(TElement) == typeof(short) ? DataType.Int16
        : typeof(TElement) == typeof(ushort) ? DataType.UInt16
        : typeof(TElement) == typeof(int) ? DataType.Int32
        : typeof(TElement) == typeof(uint) ? DataType.UInt32
        : typeof(TElement) == typeof(long) ? DataType.Int64
        : typeof(TElement) == typeof(ulong) ? DataType.UInt64
        : throw new NotSupportedException(
            $"DataType: got elements of the type {typeof(TElement).Name}, expected float, double, Half, bool or an integer "
                + "of 8 to 64 bits.");
}
