namespace Engine;

/// <summary>A group whose rule may use the curvature of the loss.</summary>
internal interface ICurvatureGroup
{
    /// <summary>
    /// Passes the present gradients, times <paramref name="factor"/>, to the rule as those that measure curvature, and clears them; other
    /// rules ignore them.
    /// </summary>
    void UpdateCurvature(double factor, bool keepGradients);
}
