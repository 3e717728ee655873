namespace Engine;

/// <summary>A tensor as the header of a safetensors file has it, not yet compared with the others and with the file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Begin">Where its data begin, from the beginning of all data.</param>
/// <param name="End">Where its data end.</param>
/// <param name="Position">Where its name stands in the header.</param>
internal readonly record struct SafetensorsMember(string Name, DataType Type, ulong[] Shape, ulong Begin, ulong End, int Position);
