namespace Examples.Compare;

/// <summary>Which candidates a comparison has, and how long each is trained.</summary>
internal enum SearchMethod
{
    /// <summary>Every rule with every rate, all epochs each.</summary>
    Grid,

    /// <summary>Rules and rates at random, all epochs each.</summary>
    Random,

    /// <summary>The candidates of the grid, of which the better third goes on again and again.</summary>
    Halving,

    /// <summary>Rules and rates at random, by successive halving several times.</summary>
    Hyperband,
}
