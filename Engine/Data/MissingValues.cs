namespace Engine;

/// <summary>What becomes of a row of a CSV file in which a value is missing.</summary>
public enum MissingValues
{
    /// <summary>It is an error that names the row and the column.</summary>
    Throw,

    /// <summary>The row is left out.</summary>
    SkipRow,
}
