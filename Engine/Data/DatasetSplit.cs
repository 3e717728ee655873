using System.Numerics;

namespace Engine;

/// <summary>A data set in two parts without a common example.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Train">The part to train on, and to fit scalers to.</param>
/// <param name="Test">The part to measure on.</param>
public readonly record struct DatasetSplit<T>(Dataset<T> Train, Dataset<T> Test) where T : unmanaged, IFloatingPointIeee754<T>;
